"""What a configuration amounts to: rows, minibatches, gradient steps. Epochs alone say nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ppo_doctor.errors import UserError
from ppo_doctor.run import Run

NEEDS = ("batch_size", "n_epochs")


@dataclass(frozen=True)
class Arithmetic:
    """The figures of one configuration."""

    rollout_rows: int
    """Rows of a rollout."""
    batch_rows: int
    """Rows of a minibatch, as far as the rollout fills it."""
    minibatches: int
    """Minibatches an epoch."""
    last_rows: int
    """Rows of an epoch's last minibatch."""
    steps_per_update: int
    """Gradient steps an update takes at most; a KL stop makes them fewer."""
    updates: int | None
    """Updates within the budget; None without a budget."""

    @property
    def total_steps(self) -> int | None:
        """Gradient steps of the whole run, at most."""
        return None if self.updates is None else self.updates * self.steps_per_update


def arithmetic(run: Run) -> Arithmetic:
    """The figures of a run's settings: batch_size, n_epochs, and rollout_rows or n_envs and n_steps.

    Raises `UserError` if one of them is missing.
    """
    batch, epochs = (_setting(run, name) for name in NEEDS)
    rows = run.scalar("rollout_rows")
    rollout = int(rows) if rows is not None else _setting(run, "n_envs") * _setting(run, "n_steps")
    minibatches = math.ceil(rollout / batch)
    budget = run.scalar("total_steps")
    agents = int(run.scalar("n_agents", 1.0) or 1)
    return Arithmetic(
        rollout_rows=rollout,
        batch_rows=min(batch, rollout),
        minibatches=minibatches,
        last_rows=rollout - (minibatches - 1) * batch,
        steps_per_update=epochs * minibatches,
        updates=None if budget is None else math.ceil(budget * agents / rollout),
    )


def _setting(run: Run, name: str) -> int:
    value = run.scalar(name)
    if value is None or not value >= 1:
        raise UserError(
            f"{run.source}: the setting {name} is {'missing' if value is None else value}; it must be known"
        )
    return int(value)
