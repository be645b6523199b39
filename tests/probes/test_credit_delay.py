"""The delay of an effect, on environments that pay for an action a known number of steps later."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
import pytest

from ppo_doctor.train import probes
from ppo_doctor.train.hosted import Hosted
from ppo_doctor.train.lab import Lab
from ppo_doctor.train.probes.credit_delay import reached


class Later(gymnasium.Env[np.ndarray, int]):
    """Twelve steps; the action of a step is paid `delay` steps later, and costs `cost` at once."""

    observation_space = gymnasium.spaces.Box(0.0, 1.0, (1,))
    action_space = gymnasium.spaces.Discrete(2)

    def __init__(self, delay: int, paid: float = 1.0, cost: float = 0.0) -> None:
        self.delay, self.paid, self.cost = delay, paid, cost

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[np.ndarray, dict[str, Any]]:
        super().reset(seed=seed)
        self.taken: list[int] = []
        return np.zeros(1, np.float32), {}

    def step(self, action: int) -> tuple[np.ndarray, float, bool, bool, dict[str, Any]]:
        self.taken.append(int(action))
        due = self.taken[-1 - self.delay] if len(self.taken) > self.delay else 0
        reward = self.paid * due - self.cost * int(action) + 0.01 * float(self.np_random.normal())
        time = len(self.taken) / 12.0
        return np.array([time], np.float32), reward, time >= 1.0, False, {}


def _said(**switches: Any) -> dict[str, float]:
    lab = Lab(Hosted("later", Later(**switches)), 5_000)
    return {name: value for one in probes.run(lab, ["credit_delay"]) for name, value in one.signals.items()}


@pytest.mark.parametrize(
    ("switches", "expected"),
    [
        ({"delay": 0}, 1.0),
        ({"delay": 2}, 2.5),  # nothing within two steps, everything within three: half way between
        ({"delay": 4}, 4.0),  # nothing within three, everything within five
        ({"delay": 2, "cost": 0.2}, 2.5),  # a cost at once, the gain later; to what noise and cut ends add
    ],
)
def test_the_delay_is_that_of_the_payment(switches: dict[str, Any], expected: float) -> None:
    assert _said(**switches)["credit_delay"] == pytest.approx(expected, abs=0.25)


def test_without_an_effect_nothing_is_measured() -> None:
    assert _said(delay=0, paid=0.0) == {}


def test_half_is_found_between_the_spans_and_at_the_first() -> None:
    assert reached([1, 2, 4], [0.0, 0.25, 0.75]) == 3.0
    assert reached([1, 2, 4], [0.9, 0.2, 1.0]) == 1.0
    assert reached([1, 2, 4], [-0.5, 0.0, 1.0]) == 3.0
