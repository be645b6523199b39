import numpy as np
import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.policy.std_grows import std_grows
from ppo_doctor.run import synthetic

FLAT = [10.0, 11.0, 9.0, 10.0] * 4


@pytest.mark.parametrize(("end", "expected"), [(0.7, "clean"), (0.9, "fired")])
def test_boundaries(end: float, expected: str) -> None:
    run = synthetic("a", log_std_mean=np.linspace(0, end, 16).tolist(), eval_mean_return=FLAT)
    assert judge(std_grows, run).status == expected


def test_a_jump_that_then_stays_is_not_growth_without_end() -> None:
    run = synthetic("a", log_std_mean=[0.0] + [1.0, 1.01, 0.99, 1.0, 1.0] * 3, eval_mean_return=FLAT)
    assert judge(std_grows, run).status == "clean"


def test_without_returns_it_is_undecided() -> None:
    assert judge(std_grows, synthetic("a", log_std_mean=np.linspace(0, 3, 16).tolist())).status == "undecided"
