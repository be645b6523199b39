"""AC-04: a detector that always allows is right, under its reward and for what it can see; one more feature ends that.

The payments are those of the case study: always allowing earns -0.202 an event, always blocking -7.53, and blocking
pays from a posterior of 10.5 / 29 on.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium import spaces

from ppo_doctor import checking
from ppo_doctor.diagnose.engine import Report
from ppo_doctor.train.hosted import Hosted
from ppo_doctor.train.lab import Lab

pytestmark = pytest.mark.slow  # two checks

EVENTS, THREATS = 16, 181 / 1656
PAY = np.array([[1.0, -10.0], [-9.5, 8.5]])
"""[allow, block] x [benign, threat]"""


class Detector(gymnasium.Env[Any, Any]):
    """Events one by one: three weakly telling features, four that are always zero; `visible` shows the event type."""

    def __init__(self, visible: bool) -> None:
        self.visible, self.action_space = visible, spaces.Discrete(2)
        self.observation_space = spaces.Box(-np.inf, np.inf, (7,), np.float64)

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        self.threat = self.np_random.random(EVENTS + 1) < THREATS
        self.weak = self.np_random.normal(0.15 * self.threat[:, None], 1.0, (EVENTS + 1, 3))
        self.t = 0
        return self.seen(), {}

    def seen(self) -> np.ndarray:
        kind = float(self.threat[self.t]) if self.visible else 0.0
        return np.concatenate([self.weak[self.t], [kind, 0.0, 0.0, 0.0]])

    def step(self, action: int) -> Any:
        reward, self.t = float(PAY[action, int(self.threat[self.t])]), self.t + 1
        return self.seen(), reward, self.t >= EVENTS, False, {}


@cache
def examined(visible: bool) -> tuple[dict[str, float], Report]:
    chosen = ["constant_actions", "headroom", "observability", "observation_audit", "reward_occurrence"]
    lab = Lab(Hosted("detector", Detector(visible)), 150_000)
    done = checking.check("detector", lab, quiet=True, chosen=chosen)
    return done.found, done.report()


def test_the_probes_measure_the_numbers_of_the_case() -> None:
    found, _ = examined(False)
    assert found["break_even_posterior"] == pytest.approx(10.5 / 29, abs=1e-6)
    assert found["better_elsewhere_frac"] == pytest.approx(THREATS, abs=0.05)  # 3 sd of 512 states
    # mean of episodes of 16 events; an event's standard deviation is 11 sqrt(p (1 - p)) = 3.4
    assert found["constant_action_return"] == pytest.approx(-0.202 * EVENTS, abs=3 * 3.4 * np.sqrt(EVENTS / 32))
    assert found["posterior_reached"] < 0.3


def test_allowing_everything_is_reported_as_optimal_for_these_features_and_the_feature_as_missing() -> None:
    _, report = examined(False)
    fired = {one.rule: one for one in report.findings}
    assert {"constant-action-optimal", "observation-constant", "observation-uninformative"} <= fired.keys()
    assert any("features" in remedy.do for remedy in fired["constant-action-optimal"].remedies)


def test_with_the_event_type_visible_nothing_of_it_is_left() -> None:
    found, report = examined(True)
    assert found["posterior_reached"] > 0.9
    assert found["observation_predicts_action"] > 0.9
    assert not {"constant-action-optimal", "observation-uninformative"} & {one.rule for one in report.findings}
