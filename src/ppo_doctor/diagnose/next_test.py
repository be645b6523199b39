"""The next test: of all that was not measured, what would split the most probable causes best for its cost."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ppo_doctor.diagnose.engine import Outcome, missing
from ppo_doctor.run import Run
from ppo_doctor.signals import checks

COSTS = {
    "run configuration": 1.0,
    "probe": 3.0,
    "live check": 4.0,
    "evaluation of baselines": 5.0,
    "evaluation": 8.0,
    "trainer": 8.0,
    "trial": 8.0,
}
"""Source of a signal -> effort to get it, relative: to look up a setting, to run a probe, to train again."""
TOGETHER = 6
"""Rules of one test whose joint outcomes are gone through; the most telling ones of a test that feeds more."""
LEAST = 0.01
"""Least expected gain [nats] that makes a test worth naming."""


@dataclass(frozen=True)
class NextTest:
    """Something to measure that would let rules speak that could not."""

    source: str
    """A probe, or who else records the signals."""
    feeds: tuple[tuple[str, tuple[str, ...]], ...]
    """(rule that it would let decide, signals the rule lacks), the most telling rule first."""
    cost: float
    """Relative effort."""
    gain: float = 0.0
    """Expected information about the cause [nats]."""

    @property
    def signals(self) -> tuple[str, ...]:
        """What it would measure."""
        return tuple(dict.fromkeys(name for _, names in self.feeds for name in names))

    @property
    def rules(self) -> tuple[str, ...]:
        """Rules that it would let decide."""
        return tuple(rule for rule, _ in self.feeds)

    def sentence(self) -> str:
        """What to do, in words."""
        names = ", ".join(self.signals)
        if self.source.startswith("probe "):
            return f"run the {self.source} (it measures {names})"
        if self.source.startswith("live check "):
            return f"make the {self.source}, as the Stable-Baselines3 callback does (it measures {names})"
        if self.source == "trial":
            return f"train again with one thing changed, as `ppo-doctor trial` does (it measures {names})"
        if self.source == "run configuration":
            return f"give the run's settings {names}"
        if self.source == "evaluation of baselines":
            return f"play randomly, and by the best rule you know ({names})"
        return f"record {names}"


def candidates(outcomes: Iterable[Outcome], run: Run) -> tuple[NextTest, ...]:
    """One test for each source that alone could let skipped rules decide."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for outcome in outcomes:
        wanted = missing(outcome.rule, run) if outcome.status == "skipped" else ()
        sources = {signal.source for signal in wanted}
        if len(sources) == 1:
            found.setdefault(sources.pop(), []).append((outcome.rule.name, tuple(signal.name for signal in wanted)))
    return tuple(NextTest(source, tuple(rows), _cost(source)) for source, rows in found.items())


def _cost(source: str) -> float:
    kind = source.rpartition(" ")[0] if source.rpartition(" ")[2] in checks() else source
    return COSTS.get(kind, max(COSTS.values()))


def gain(probability: np.ndarray, fires: np.ndarray) -> float:
    """Expected fall of the entropy of `probability` [hypotheses] when rules with `fires` [hypotheses, rules] decide.

    In nats. All joint outcomes of the rules are gone through, each rule independent given the hypothesis.
    """
    outcomes = np.array(list(itertools.product((True, False), repeat=fires.shape[1])))
    joint = probability * np.prod(np.where(outcomes[:, None, :], fires, 1.0 - fires), axis=2)
    left = entropy(joint) - entropy(joint.sum(axis=1))
    return max(entropy(probability) - left, 0.0)


def single_gains(probability: np.ndarray, fires: np.ndarray) -> np.ndarray:
    """[rules] the same for each rule alone."""
    joint = np.stack([probability[:, None] * fires, probability[:, None] * (1.0 - fires)])
    total = joint.sum(axis=1)
    left = -_plogp(joint).sum(axis=(0, 1)) + _plogp(total).sum(axis=0)
    return np.maximum(entropy(probability) - left, 0.0)


def entropy(probability: np.ndarray) -> float:
    """-sum p log p [nats]."""
    return float(-_plogp(probability).sum())


def _plogp(p: np.ndarray) -> np.ndarray:
    return p * np.log(np.maximum(p, 1e-300))


def best(
    tests: Iterable[NextTest], probability: np.ndarray, rules: tuple[str, ...], fires: np.ndarray
) -> NextTest | None:
    """The test of largest expected gain for its cost; None if none gains anything.

    `probability` [hypotheses]; `fires` [hypotheses, rules]: how probable each hypothesis holds it that a rule fires.
    """
    alone = dict(zip(rules, single_gains(probability, fires), strict=True))
    place = {rule: column for column, rule in enumerate(rules)}
    scored = []
    for test in tests:
        feeds = sorted(
            (one for one in test.feeds if alone.get(one[0], 0.0) >= LEAST / TOGETHER), key=lambda one: -alone[one[0]]
        )
        if feeds:
            columns = [place[rule] for rule, _ in feeds[:TOGETHER]]
            together = gain(probability, fires[:, columns])
            scored.append(dataclasses.replace(test, feeds=tuple(feeds[:TOGETHER]), gain=together))
    telling = [test for test in scored if test.gain >= LEAST]
    return max(telling, key=lambda test: test.gain / test.cost, default=None)
