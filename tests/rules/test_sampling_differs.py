from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.sampling_differs import sampling_differs
from ppo_doctor.run import synthetic


def test_draws_of_the_policy_do_not_fire() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        assert judge(sampling_differs, synthetic("sound", sampling_gap=rng.normal(size=400))).status == "clean"


def test_a_small_bias_is_found_over_many_updates() -> None:
    rng = np.random.default_rng(0)
    run = synthetic("temperature 1.1", sampling_gap=0.7 + rng.normal(size=100))
    assert judge(sampling_differs, run.until(5000)).status == "clean"
    assert judge(sampling_differs, run).status == "fired"


def test_two_updates_are_not_enough() -> None:
    assert judge(sampling_differs, synthetic("short", sampling_gap=[9.0, 9.0])).status == "undecided"
