"""The next test: of all that was not measured, what would split the most probable causes best for its cost."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ppo_doctor.diagnose.engine import Outcome, missing
from ppo_doctor.run import Run

COSTS = {"run configuration": 1.0, "probe": 3.0, "evaluation of baselines": 5.0, "evaluation": 8.0, "trainer": 8.0}
"""Source of a signal -> effort to get it, relative: to look up a setting, to run a probe, to train again."""
TOGETHER = 6
"""Rules of one test whose joint outcomes are gone through; the most telling ones of a test that feeds more."""
LEAST = 0.01
"""Least expected gain [nats] that makes a test worth naming."""


@dataclass(frozen=True)
class Test:
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
        if self.source == "run configuration":
            return f"give the run's settings {names}"
        if self.source == "evaluation of baselines":
            return f"play randomly, and by the best rule you know ({names})"
        return f"record {names}"


def candidates(outcomes: Iterable[Outcome], run: Run) -> tuple[Test, ...]:
    """One test for each source that alone could let skipped rules decide."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for outcome in outcomes:
        wanted = missing(outcome.rule, run) if outcome.status == "skipped" else ()
        sources = {signal.source for signal in wanted}
        if len(sources) == 1:
            found.setdefault(sources.pop(), []).append((outcome.rule.name, tuple(signal.name for signal in wanted)))
    return tuple(Test(source, tuple(rows), _cost(source)) for source, rows in found.items())


def _cost(source: str) -> float:
    kind = "probe" if source.startswith("probe ") else source
    return COSTS.get(kind, max(COSTS.values()))


def gain(probability: np.ndarray, fires: np.ndarray) -> float:
    """Expected fall of the entropy of `probability` [hypotheses] when rules with `fires` [hypotheses, rules] decide.

    In nats. All joint outcomes of the rules are gone through, each rule independent given the hypothesis.
    """
    left = 0.0
    for outcome in itertools.product((True, False), repeat=fires.shape[1]):
        joint = probability * np.prod(np.where(outcome, fires, 1.0 - fires), axis=1)
        left += joint.sum() * entropy(joint / joint.sum())
    return max(entropy(probability) - left, 0.0)


def entropy(probability: np.ndarray) -> float:
    """-sum p log p [nats]."""
    positive = probability[probability > 0.0]
    return float(-(positive * np.log(positive)).sum())


def best(tests: Iterable[Test], probability: np.ndarray, columns: dict[str, np.ndarray]) -> Test | None:
    """The test of largest expected gain for its cost; None if none gains anything.

    `probability` [hypotheses]; `columns`: rule -> [hypotheses] probability that it fires.
    """
    scored = [measured for test in tests if (measured := _measured(test, probability, columns)).gain >= LEAST]
    return max(scored, key=lambda test: test.gain / test.cost, default=None)


def _measured(test: Test, probability: np.ndarray, columns: dict[str, np.ndarray]) -> Test:
    """The test with its gain, and with the rules that make it."""
    alone = {rule: gain(probability, columns[rule][:, None]) for rule in test.rules if rule in columns}
    telling = sorted((rule for rule in alone if alone[rule] >= LEAST / TOGETHER), key=lambda rule: -alone[rule])
    if not telling:
        return test
    together = gain(probability, np.stack([columns[rule] for rule in telling[:TOGETHER]], axis=1))
    feeds = dict(test.feeds)
    return Test(test.source, tuple((rule, feeds[rule]) for rule in telling[:TOGETHER]), test.cost, together)
