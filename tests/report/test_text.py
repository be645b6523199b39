"""The text report counts every outcome, derives numbers from evidence, and says what was not checked."""

from __future__ import annotations

import dataclasses
import math
import re

import pytest

from ppo_doctor.diagnose.cause import SECTIONS as CAUSE_SECTIONS
from ppo_doctor.diagnose.cause import Cause, all_causes
from ppo_doctor.diagnose.differential import examine
from ppo_doctor.diagnose.engine import Settings, diagnose
from ppo_doctor.diagnose.rule import SECTIONS, Rule, all_rules
from ppo_doctor.report import text
from ppo_doctor.run import Run, Series, synthetic


def test_the_whole_report_of_a_small_run() -> None:
    run = synthetic("runs/a", system="cartpole", seed=3, batch_size=9, rollout_rows=8, approx_kl_max=[0.01] * 4)
    rules = tuple(
        rule for rule in all_rules() if rule.name in ("kl-spike", "batch-larger-than-rollout", "avoidable-noop")
    )
    settings = Settings(suppress={"avoidable-noop": "no no-op here"})
    assert text.render(diagnose(run, settings, rules)) == (
        """\
runs/a: cartpole, seed 3, 4000 steps

WARNING  CFG101 batch-larger-than-rollout
  The configured batch cannot be filled: each epoch is a single, smaller, full-batch step.
  - batch_size 9 rows > 8
  - rollout_rows 8 rows
  1. Set the batch to a quarter of the rollout: four minibatches an epoch are the common choice,
     and the number of gradient steps then is what it seems. Change: batch_size rollout_rows/4.
     Then gradient_steps per update grows.
  2. Lengthen the rollout: if the gradient is noisy, more data is better than more passes. Change:
     n_steps x4. Then half_batch_cosine rises.

3 rules: 1 fired, 1 clean, 0 undecided, 0 skipped, 1 suppressed, 0 crashed

Not checked
  suppressed POL104 avoidable-noop: no no-op here

Checked and clean
  kl-spike
"""
    )


def test_a_run_nobody_could_judge_gets_no_all_clear() -> None:
    rendered = text.render(diagnose(Run("empty", {})))
    assert f"{len(all_rules())} rules: 0 fired, 0 clean" in rendered
    assert "Not checked" in rendered
    assert not re.search(r"healthy|all clear|no problem|looks fine|passed", rendered, re.IGNORECASE)


def test_every_rule_appears_exactly_once() -> None:
    run = synthetic("a", approx_kl_max=[9.0], first_ratio_error=[math.nan], invalid_frac=[0.0])
    rendered = text.render(diagnose(run))
    for rule in all_rules():
        assert len(re.findall(rf"(?<![\w-]){rule.name}(?![\w-])", rendered)) == 1, rule.name


def test_unmapped_columns_and_caveats_are_shown() -> None:
    series = Series("approx_kl_mean", [1], [3.0], "train/approx_kl", "mean of the last epoch")
    rendered = text.render(diagnose(Run("a", {"approx_kl_mean": series}, unmapped=("time/fps",))))
    assert "[mean of the last epoch]" in rendered
    assert "Recorded but not understood\n  time/fps" in rendered


def test_a_crash_names_the_place() -> None:
    broken = dataclasses.replace(all_rules()[0], check=lambda *_, **__: 1 / 0)
    assert "ZeroDivisionError" in text.render(diagnose(synthetic("a", v_loss=[1.0]), rules=(broken,)))


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_the_manual_page_holds_everything(rule: Rule) -> None:
    page = text.explain(rule)
    assert page.startswith(f"{rule.code} {rule.name} ({rule.severity}, {rule.status})\n{rule.summary}\n")
    assert all(f"\n{heading}\n" in page for heading in SECTIONS)
    assert all(f"{name} = {value:g}" in page.replace("\n", " ") for name, value in rule.thresholds.items())
    assert max(map(len, page.splitlines())) <= 120


def test_the_causes_come_first_with_evidence_and_the_next_test() -> None:
    run = synthetic("a", action_influence_state=0.0, action_influence_return=0.0)
    rendered = text.render(examine(run))
    parts = [
        "Likely causes",
        "action-ignored:",
        "for: ENV102 action-ignored fired",
        "also: ",
        "Next test: ",
        "If it is action-ignored",
        "CRITICAL  ENV102",
        " rules: ",
        "Not checked",
    ]
    places = [rendered.index(part) for part in parts]
    assert places == sorted(places)
    assert max(map(len, rendered.splitlines())) <= 100


@pytest.mark.parametrize("cause", all_causes(), ids=lambda cause: cause.id)
def test_the_manual_page_of_a_cause_holds_everything(cause: Cause) -> None:
    page = text.explain_cause(cause)
    assert page.startswith(f"{cause.id} (cause, {cause.family})\n{cause.summary}\n")
    assert all(f"\n{heading}\n" in page for heading in CAUSE_SECTIONS)
    flat = " ".join(page.split())
    assert all(rule in flat for rule in cause.levels)
    assert all(remedy.do in flat for remedy in cause.remedies)
