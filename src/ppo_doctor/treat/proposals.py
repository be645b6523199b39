"""What is worth trying on a run: every setting far from its usual range, put back into it, one at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ppo_doctor.train.config import Config, Schedule, constant

Words = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Proposal:
    """One change of a configuration."""

    name: str
    """What is measured is the signal `trial_gain_<name>`."""
    setting: str
    config: Config
    """The configuration with the change in it."""

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
    value: float
    raised: str = ""
    """Name of the proposal that raises it; empty if too little of it is not tried."""
    lowered: str = ""
    """Name of the proposal that lowers it."""


USUAL = (
    Usual("learning_rate", 1e-4, 1e-2, 1e-3, "higher_learning_rate", "lower_learning_rate"),
    Usual("clip_coef", 0.1, 0.3, 0.2, "wider_clip", "narrower_clip"),
    Usual("ent_coef", 0.0, 0.02, 0.0, lowered="smaller_entropy_bonus"),
    Usual("gamma", 0.97, 0.9995, 0.99, "higher_discount", "lower_discount"),
    Usual("vf_coef", 0.0, 1.0, 0.5, lowered="smaller_value_coef"),
    Usual("temperature", 0.0, 1.0, 1.0, lowered="lower_temperature"),
    Usual("critic_learning_rate", 0.1, 10.0, 1.0, raised="faster_critic"),
    Usual("adam_eps", 0.0, 1e-3, 1e-5, lowered="smaller_epsilon"),
)
DEVIATION = "network.log_std"
SETTINGS = (*(usual.setting for usual in USUAL), DEVIATION)
"""What can be tried."""


def proposals(config: Config, real_actions: bool) -> tuple[Proposal, ...]:
    """What to try on `config`; nothing if all of it is usual."""
    found = [one for usual in USUAL if (one := _put_back(config, usual)) is not None]
    return (*found, *_deviation(config)) if real_actions else tuple(found)


def _put_back(config: Config, usual: Usual) -> Proposal | None:
    now = getattr(config, usual.setting)
    most = _largest(now) if isinstance(now, Schedule) else now
    name = usual.raised if most < usual.low else usual.lowered if most > usual.high else ""
    if not name:
        return None
    value = constant(usual.value) if isinstance(now, Schedule) else usual.value
    return Proposal(name, usual.setting, replace(config, **{usual.setting: value}))


def _largest(schedule: Schedule) -> float:
    return schedule.start if schedule.kind == "constant" else max(schedule.start, schedule.end)


def _deviation(config: Config) -> Iterator[Proposal]:
    if not -1.5 <= config.network.log_std <= 1.0:
        network = dataclasses.replace(config.network, log_std=0.0)
        yield Proposal("usual_deviation", DEVIATION, replace(config, network=network))
