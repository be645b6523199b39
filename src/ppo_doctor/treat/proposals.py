"""What is worth trying on a run: every setting far from its usual range, put back into it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ppo_doctor.train.config import Config, Schedule, constant
from ppo_doctor.train.env import AbstractEnv, Box


@dataclass(frozen=True)
class Proposal:
    """One setting put back."""

    name: str
    """What is measured is the signal `trial_gain_<name>`."""
    setting: str
    """What is unusual; a dot reaches inside."""
    values: tuple[tuple[str, Any], ...]
    """Settings and what they are put back to: the unusual one, and what must follow it."""
    alone: bool = False
    """Whether it is tried by itself only: it hides what is wrong beside it, and multiplies what a trial costs."""

    @property
    def signal(self) -> str:
        """Name in the vocabulary."""
        return f"trial_gain_{self.name}"


@dataclass(frozen=True)
class Usual:
    """Where a setting usually lies (Andrychowicz et al. 2021; Huang et al. 2022), and where it is put back to."""

    setting: str
    low: float
    high: float
    value: Any
    raised: str = ""
    """Name of the proposal that raises it; empty if too little of it is not tried."""
    lowered: str = ""
    """Name of the proposal that lowers it."""
    real_actions: bool = False
    """Whether it matters for real actions only."""


USUAL = (
    Usual("learning_rate", 1e-4, 1e-2, constant(1e-3), "higher_learning_rate", "lower_learning_rate"),
    Usual("clip_coef", 0.1, 0.3, constant(0.2), "wider_clip", "narrower_clip"),
    Usual("ent_coef", 0.0, 0.02, constant(0.0), lowered="smaller_entropy_bonus"),
    Usual("gamma", 0.97, 0.9995, 0.99, "higher_discount", "lower_discount"),
    Usual("vf_coef", 0.0, 1.0, 0.5, lowered="smaller_value_coef"),
    Usual("temperature", 0.0, 1.0, constant(1.0), lowered="lower_temperature"),
    Usual("critic_learning_rate", 0.1, 10.0, 1.0, raised="faster_critic"),
    Usual("adam_eps", 0.0, 1e-3, 1e-5, lowered="smaller_epsilon"),
    Usual("n_epochs", 1, 15, 4, lowered="fewer_epochs"),  # 3 to 15 in Schulman et al. 2017
    Usual("target_kl", 1e-3, float("inf"), None, raised="without_target_kl"),  # 0.003 to 0.03 there; else none
    Usual("clip_range_vf", 0.1, float("inf"), None, raised="without_value_clip"),  # in deviations of the targets
    Usual("network.log_std", -1.5, 1.0, 0.0, "usual_deviation", "usual_deviation", real_actions=True),
    Usual("network.init_scale", 0.1, 3.0, 1.0, "usual_initial_weights", "usual_initial_weights"),
)
BATCH, STEPS, WIDTHS = "batch_size", "n_steps", ("network.actor", "network.critic")
BUDGET = "total_steps"
SETTINGS = (*(usual.setting for usual in USUAL), BATCH, STEPS, *WIDTHS, BUDGET)
"""What can be tried."""
LEAST_STEPS, USUAL_STEPS = 8, 128
LEAST_ROWS = 16
"""Rows below which a minibatch is no cure for a rollout that is one batch."""
FEW_UPDATES = 50
"""Updates below which a run may simply be too short: examples of every library have hundreds."""
WIDTH, USUAL_WIDTHS = (8, 1024), (64, 64)


def proposals(config: Config, env: AbstractEnv) -> tuple[Proposal, ...]:
    """What to try on `config`; nothing if all of it is usual."""
    real = isinstance(env.space, Box)
    usual = (_put_back(config, one) for one in USUAL if real or not one.real_actions)
    rows = config.rollout_rows * env.num_agents
    return (*filter(None, usual), *_minibatches(config, rows), *_longer(config, rows), *_widths(config), *_more(config))


def changed(config: Config, some: Iterable[Proposal]) -> Config:
    """`config` with these put back; where two set the same, the later one counts."""
    for one in some:
        for name, value in one.values:
            config = _with(config, name, value)
    return config


def dividing(rows: int, most: int) -> int:
    """The largest batch that divides a rollout of `rows`, as it must, and is not above `most`."""
    return max(n for n in range(1, min(most, rows) + 1) if rows % n == 0)


def _with(part: Any, name: str, value: Any) -> Any:
    first, _, rest = name.partition(".")
    return dataclasses.replace(part, **{first: _with(getattr(part, first), rest, value) if rest else value})


def _put_back(config: Config, usual: Usual) -> Proposal | None:
    now: Any = config
    for name in usual.setting.split("."):
        now = getattr(now, name)
    if now is None:
        return None
    most = _largest(now) if isinstance(now, Schedule) else now
    name = usual.raised if most < usual.low else usual.lowered if most > usual.high else ""
    return Proposal(name, usual.setting, ((usual.setting, usual.value),)) if name else None


def _largest(schedule: Schedule) -> float:
    return schedule.start if schedule.kind == "constant" else max(schedule.start, schedule.end)


def _minibatches(config: Config, rows: int) -> Iterator[Proposal]:
    """Four minibatches a pass (Huang et al. 2022, detail 6) where the whole rollout is one."""
    if config.batch_size >= rows and rows // 4 >= LEAST_ROWS:
        yield Proposal("smaller_batch", BATCH, _batch(config, dividing(rows, rows // 4)))


def _longer(config: Config, rows: int) -> Iterator[Proposal]:
    """Rollouts of 128 steps (Schulman et al. 2017 for Atari) in as many minibatches as before, and at least four."""
    if config.n_steps < LEAST_STEPS:
        more = rows // config.n_steps * USUAL_STEPS
        batch = dividing(more, more // max(4, rows // config.batch_size))
        yield Proposal("longer_rollout", STEPS, ((STEPS, USUAL_STEPS), *_batch(config, batch)))


def _more(config: Config) -> Iterator[Proposal]:
    """Enough steps where there are few updates, twice as many at the least; schedules stretch along."""
    if config.n_updates < FEW_UPDATES:
        times = math.ceil(FEW_UPDATES / config.n_updates)
        yield Proposal("longer_training", BUDGET, ((BUDGET, times * config.total_steps),), alone=True)


def _batch(config: Config, size: int) -> tuple[tuple[str, Any], ...]:
    """This batch, in one chunk if the chunks no longer divide it."""
    return ((BATCH, size),) if size % config.grad_chunks == 0 else ((BATCH, size), ("grad_chunks", 1))


def _widths(config: Config) -> Iterator[Proposal]:
    """Two layers of 64, the default of every library, for networks with a layer far narrower or wider than any."""
    low, high = WIDTH
    odd = [name for name in WIDTHS if any(not low <= n <= high for n in getattr(config.network, name.split(".")[1]))]
    if odd:
        yield Proposal("usual_widths", odd[0], tuple((name, USUAL_WIDTHS) for name in odd))
