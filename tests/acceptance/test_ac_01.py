"""AC-01: a scheduler with five faults, and the same with the five fixes of its written report.

The faulty one yields the five findings. The fixed one still cannot be learnt, and the check says so before training:
the order of tasks hardly moves the return (one task starts a step, so that the sum of the waiting times is fixed), no
feature describes a task, and the privacy noise drowns the rest.
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

TASKS, SLOTS, STEP, NOISE, CAPACITY = 24, 4, 60.0, 0.48, 64.0
UNITS = np.array([600.0, 4.0, 18000.0])
"""Scales of a task's duration [s], processors, and time of arrival [s]."""


class Scheduler(gymnasium.Env[Any, Any]):
    """Starts one queued task a step; observes 20 aggregates. `fixed`: the report's five fixes are made."""

    def __init__(self, fixed: bool) -> None:
        self.fixed, self.observation_noise = fixed, NOISE
        self.action_space, self.observation_space = spaces.Discrete(SLOTS), spaces.Box(-9, 9, (20,), np.float64)
        self.private = np.random.default_rng(0)

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        self.private = np.random.default_rng(seed)
        rng = self.np_random if self.fixed else np.random.default_rng(42)  # one workload before the loop
        arrival = -4 * 3600.0 + rng.uniform(-3600, 3600, TASKS)
        self.queue = np.stack([rng.uniform(60, 600, TASKS), rng.uniform(1, 4, TASKS), arrival], axis=1)
        self.clock, self.running = 0.0, np.zeros((0, 2))  # rows (end, processors)
        return self.seen(), {}

    def seen(self) -> np.ndarray:
        left, used = len(self.queue) / TASKS, self.used()
        mean = self.queue.mean(axis=0) / UNITS if len(self.queue) else np.zeros(3)
        state = np.concatenate([[self.clock / 1500, left, used, used / 2], mean, np.linspace(0, 1, 13) * left])
        noisy = state + self.private.normal(0, NOISE, 20)  # in the faulty version computed, and never used
        return noisy if self.fixed else state

    def used(self) -> float:
        return float(self.running[:, 1].sum()) / CAPACITY

    def step(self, action: int) -> Any:
        self.clock += STEP
        self.running = self.running[self.running[:, 0] > self.clock]
        chosen = min(int(action), len(self.queue) - 1) if self.fixed else 0  # the action, never read
        task, self.queue = self.queue[chosen], np.delete(self.queue, chosen, axis=0)
        self.running = np.append(self.running, [[self.clock + task[0], task[1]]], axis=0)
        terms = self.new_terms(*task) if self.fixed else self.old_terms(*task)
        if not self.fixed:
            self.running = self.running[:0]  # released in the step that started it
        return self.seen(), sum(terms.values()), len(self.queue) == 0, False, {"reward_terms": terms}

    def old_terms(self, duration: float, cpu: float, arrival: float) -> dict[str, float]:
        return {"cost": -0.025 * cpu * duration / 3600, "latency": -0.001 * duration, "completion": 0.5}

    def new_terms(self, duration: float, cpu: float, arrival: float) -> dict[str, float]:
        return {
            "utilisation": 0.30 * 10 * self.used(),
            "queue": 0.20 * -0.5 * len(self.queue),
            "waiting": 0.20 * -0.01 * (self.clock - arrival),
            "efficiency": 0.15 * -1e-5 / cpu,
            "deadline": 0.10 * -20 * (self.clock > arrival + 1.5 * duration),
            "completion": 0.25,
        }


@cache
def examined(fixed: bool) -> tuple[checking.Check, Report]:
    chosen = ["workload_variation", "observation_audit", "reward_terms", "action_influence", "observability"]
    done = checking.check("scheduler", Lab(Hosted("scheduler", Scheduler(fixed)), 5_000), quiet=True, chosen=chosen)
    return done, done.report()


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("the action is never read", "action-ignored"),
        ("tasks are released in the step that starts them", "features-constant"),
        ("the reward is a property of the task", "reward-terms-ignore-actions"),
        ("one workload for all episodes", "workload-fixed"),
        ("the privatised observation is not used", "privacy-noise-missing"),
    ],
)
def test_each_of_the_five_faults_is_a_finding_and_none_is_critical_after_its_fix(fault: str, rule: str) -> None:
    assert rule in {one.rule for one in examined(False)[1].findings}, fault
    critical = {one.rule for one in examined(True)[1].findings if one.severity == "critical"}
    assert rule not in critical, fault


def test_the_frozen_features_are_named() -> None:
    (audit,) = [one for one in examined(False)[0].results if one.probe == "observation_audit"]
    assert any(note.startswith("constant: 2, 3") for note in audit.notes)


def test_after_the_five_fixes_the_check_still_predicts_no_learning() -> None:
    done, report = examined(True)
    fired = {one.rule for one in report.findings}
    assert {"reward-ignores-actions", "action-meaning-hidden", "observation-noise-large"} <= fired
    assert done.found["action_influence_reward"] > 0.9
    assert done.found["action_influence_return"] < 0.05  # order moves the return far less than the workload does
    assert done.found["obs_noise_std"] == pytest.approx(NOISE, rel=0.1)
    assert report.causes[0].cause.id not in ("healthy", "still-improving")
    assert report.fails("critical")
