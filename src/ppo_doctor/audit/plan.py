"""Does a plan contradict its own diagnosis? "Too tight", and then it is tightened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ppo_doctor.audit.arithmetic import arithmetic
from ppo_doctor.errors import UserError
from ppo_doctor.run import Run

Complaint = Literal["too low", "too high"]

LEVERS: Mapping[str, str] = {
    "entropy": "ent_coef_start",
    "approx_kl": "learning_rate_start",
    "gradient_steps": "gradient_steps",
    "rollout": "rollout_rows",
}
"""Quantity that is complained about -> the setting, or figure, that raises it. Others raise themselves."""


@dataclass(frozen=True)
class Contradiction:
    """A change that makes worse what it is meant to cure."""

    quantity: str
    complaint: Complaint
    setting: str
    before: float
    after: float

    def sentence(self) -> str:
        """In words."""
        change = f"{self.setting} goes from {self.before:g} to {self.after:g}"
        return f"{self.quantity} is called {self.complaint}, and {change}"


def contradictions(before: Run, after: Run, judged: Mapping[str, Complaint]) -> tuple[Contradiction, ...]:
    """The complaints of `judged` (quantity -> complaint) that the settings of `after` make worse.

    Raises `UserError` for quantities that no setting of both runs stands behind.
    """
    found = []
    for quantity, complaint in judged.items():
        setting = LEVERS.get(quantity, quantity)
        old, new = (_value(run, setting) for run in (before, after))
        if (new < old) if complaint == "too low" else (new > old):
            found.append(Contradiction(quantity, complaint, setting, old, new))
    return tuple(found)


def _value(run: Run, setting: str) -> float:
    if setting in ("gradient_steps", "rollout_rows"):
        figures = arithmetic(run)
        return float(figures.steps_per_update if setting == "gradient_steps" else figures.rollout_rows)
    value = run.scalar(setting)
    if value is None:
        raise UserError(f"{run.source}: no setting {setting}")
    return value
