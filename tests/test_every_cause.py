"""Every cause obeys every law; the laws catch what they are for; the vocabulary is complete."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import pytest

from ppo_doctor.diagnose.cause import Cause, CauseError, all_causes, find, walk
from ppo_doctor.errors import UserError
from ppo_doctor.testing import causes as suite

COUNTER = itertools.count()
VOCABULARY = [
    "action-ignored",
    "state-frozen",
    "static-episodes",
    "mask-mismatch",
    "every-step-terminal",
    "timeout-as-terminal",
    "done-flag-lost",
    "transitions-not-causal",
    "action-bounds",
    "physics-diverges",
    "no-headroom",
    "still-improving",
    "reward-ignores-decisions",
    "reward-scale-too-large",
    "reward-scale-too-small",
    "reward-sign-wrong",
    "reward-sparse",
    "reward-term-dominates",
    "reward-nonstationary",
    "reward-clipped",
    "reward-constant",
    "reward-outlier",
    "observation-uninformative",
    "observation-unscaled",
    "observation-stale",
    "observation-constant",
    "privacy-noise-too-large",
    "privacy-not-applied",
    "logprob-mismatch",
    "shape-broadcast",
    "gae-leak",
    "no-bootstrap",
    "reward-misaligned",
    "executed-action-differs",
    "loss-sign-wrong",
    "critic-detached",
    "critic-starved",
    "advantage-not-normalised",
    "agents-interleaved",
    "recurrent-state-reset",
    "dropout-active",
    "buffer-aliased",
    "stored-action-clipped",
    "optimiser-misses-parameters",
    "schedule-not-applied",
    "normaliser-frozen",
    "std-degenerate",
    "learning-rate-too-high",
    "learning-rate-too-low",
    "entropy-bonus-too-high",
    "entropy-bonus-too-low",
    "clip-range-too-small",
    "clip-range-too-large",
    "too-many-epochs",
    "batch-larger-than-rollout",
    "rollout-too-short",
    "discount-too-low",
    "discount-too-high",
    "target-kl-too-tight",
    "value-coef-too-high",
    "network-init-saturated",
    "plasticity-loss",
    "noop-collapse",
    "policy-drift",
    "overshoot",
    "normalisation-not-synced",
    "greedy-differs-from-sampled",
    "metric-window-too-short",
    "running-average-as-percentile",
    "leakage",
    "selected-on-report-set",
    "metric-wrong",
    "resume-lost-state",
    "healthy",
    "unknown",
]
"""The design's ids, which are stable: reports and benchmarks name them."""

EXAMPLE = '''"""Gradients are scaled by a constant that nobody knows of.

What it is
A factor in the wrong place.

How it looks
The norm is large from the start.

What it is confused with
With learning-rate-too-high, whose norm is usual.

How to confirm
Divide by the factor once.

What to do
Take the factor out.

References
None that we know of.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=1.0,
    course="flat",
    predicts={"always": ("gradient-always-clipped",)},
    confirm="optimiser_audit",
    remedies=(Remedy("Take it out", "it does nothing good", change={"max_grad_norm": "0.5"}),),
)
EXAMPLES = (synthetic("a", grad_norm=[9.0] * 9),)
'''


@pytest.mark.parametrize("cause", all_causes(), ids=lambda cause: cause.id)
@pytest.mark.parametrize("law", suite.LAWS, ids=lambda law: law.__name__)
def test_law(law: suite.Law, cause: Cause) -> None:
    law(cause)


def test_the_vocabulary_is_complete() -> None:
    assert {one.id for one in all_causes()} == set(VOCABULARY)


def test_a_cause_is_found_in_either_spelling_and_a_mistake_names_the_nearest() -> None:
    assert find("Reward_Sparse").id == "reward-sparse"
    with pytest.raises(UserError, match="reward-sparse"):
        find("reward-sparce")


def package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, file: str = "learner/gradient_scaled.py"
) -> str:
    name = f"their_causes_{next(COUNTER)}"
    path = tmp_path / name / file
    path.parent.mkdir(parents=True)
    path.write_text(text)
    for folder in (path.parent, path.parent.parent):
        (folder / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return name


OFFLINE = (suite.is_named_as_its_file, suite.is_documented, suite.expects_known_rules, suite.can_be_acted_on)
"""Laws that need no ranking, and so hold before a cause is registered."""


@pytest.mark.parametrize("law", OFFLINE, ids=lambda law: law.__name__)
def test_a_third_partys_cause_can_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, law: suite.Law) -> None:
    (cause,) = walk(package(tmp_path, monkeypatch, EXAMPLE))
    law(cause)


@pytest.mark.parametrize(
    ("law", "old", "new"),
    [
        (suite.is_documented, "nobody knows of.", "nobody knows of"),
        (suite.is_documented, "How it looks", "How it seems"),
        (suite.is_documented, "Take the factor out.", "Do."),
        (suite.expects_known_rules, "gradient-always-clipped", "gradient-sometimes-clipped"),
        (suite.expects_known_rules, '"always"', '"usually"'),
        (suite.expects_known_rules, "prior=1.0", "prior=-1.0"),
        (suite.can_be_acted_on, "max_grad_norm", "grad_clip"),
        (suite.can_be_acted_on, '"optimiser_audit"', '"look at it"'),
        (suite.is_among_the_first_on_its_examples, "EXAMPLES = ", "EXEMPLARS = "),
    ],
)
def test_laws_catch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, law: suite.Law, old: str, new: str) -> None:
    assert old in EXAMPLE
    with pytest.raises((AssertionError, KeyError)):
        (cause,) = walk(package(tmp_path, monkeypatch, EXAMPLE.replace(old, new)))
        law(cause)


def test_a_file_without_a_cause_fails_when_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CauseError, match="gradient_scaled: has no CAUSE"):
        list(walk(package(tmp_path, monkeypatch, "CAUSE = 1\n")))
