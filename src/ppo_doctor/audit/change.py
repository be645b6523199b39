"""Did a change help? The end of one run against the end of the other: never a start against an end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ppo_doctor.diagnose.finding import Evidence, seen
from ppo_doctor.diagnose.series import tail
from ppo_doctor.errors import UserError
from ppo_doctor.run import Run

BETTER: Mapping[str, int] = {
    "eval_mean_return": 1,
    "eval_min_block_return": 1,
    "mean_ep_return": 1,
    "explained_variance": 1,
    "r2": 1,
    "v_loss": -1,
}
"""Signal -> 1 if more is better, -1 if less is. The policy loss is none: it starts each update at zero."""
CLOSE = 0.01
"""Relative difference within which a quoted figure is taken for a recorded one."""

Verdict = Literal["better", "worse", "equal"]


@dataclass(frozen=True)
class Change:
    """One signal at the end of two runs."""

    signal: str
    before: Evidence
    after: Evidence
    verdict: Verdict


@dataclass(frozen=True)
class Audit:
    """A quoted "from ... to ..." and what the runs say."""

    places: tuple[str, str]
    """Where the two figures stand: "start of the first", "end of the second" and so on, or "neither run"."""
    change: Change
    """End against end."""

    @property
    def like_with_like(self) -> bool:
        """Whether the two figures are the ends of the two runs."""
        return self.places == ("end of the first", "end of the second")


def end_to_end(before: Run, after: Run) -> tuple[Change, ...]:
    """Every signal of both runs that has a better side: median of the last quarter against median of the last quarter.

    The value loss is divided by Var(return) where both runs recorded the spread of the returns.
    """
    shared = [name for name in BETTER if name in before.all_series() and name in after.all_series()]
    return tuple(_change(name, before, after) for name in shared)


def audit(signal: str, quoted: tuple[float, float], before: Run, after: Run) -> Audit:
    """Examine the claim that `signal` went from `quoted[0]` to `quoted[1]` by what changed between two runs.

    Raises `UserError` for a signal without a better side, or one that a run lacks.
    """
    if signal not in BETTER or any(signal not in run.all_series() for run in (before, after)):
        raise UserError(f"{signal}: both runs must have it, and it must be one of {', '.join(BETTER)}")
    first, second = (_place(value, signal, before, after) for value in quoted)
    return Audit((first, second), _change(signal, before, after))


def _change(name: str, before: Run, after: Run) -> Change:
    scaled = name == "v_loss" and all("return_std" in run.all_series() for run in (before, after))
    old, new = (_level(run, name, scaled) for run in (before, after))
    gain = BETTER[name] * (new.observed - old.observed)
    verdict: Verdict = "better" if gain > 0 else "worse" if gain < 0 else "equal"
    return Change(name, old, new, verdict)


def _level(run: Run, name: str, scaled: bool) -> Evidence:
    late = tail(run.series(name), least=1)
    if not scaled:
        return seen(late, float(np.median(late.value)), "median of the last quarter")
    variance = float(np.median(tail(run.series("return_std"), least=1).value)) ** 2
    return seen(late, float(np.median(late.value)) / variance, "median of the last quarter, over Var(return),")


def _place(value: float, name: str, before: Run, after: Run) -> str:
    """Where a figure was recorded; ends are looked at first."""
    runs = {"first": before.series(name).value, "second": after.series(name).value}
    for side, index in (("end", -1), ("start", 0)):
        for which, values in runs.items():
            if len(values) and abs(values[index] - value) <= CLOSE * abs(value):
                return f"{side} of the {which}"
    return "neither run"
