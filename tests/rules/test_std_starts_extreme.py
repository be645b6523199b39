import math

import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.policy.std_starts_extreme import std_starts_extreme
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("std", "expected"), [(0.049, "fired"), (0.051, "clean"), (3.9, "clean"), (4.1, "fired")])
def test_boundaries(std: float, expected: str) -> None:
    run = synthetic("a", log_std_mean=[math.log(std), 0.0, 0.0])
    assert judge(std_starts_extreme, run).status == expected


def test_two_points_are_too_few() -> None:
    assert judge(std_starts_extreme, synthetic("a", log_std_mean=[-5.0] * 2)).status == "undecided"
