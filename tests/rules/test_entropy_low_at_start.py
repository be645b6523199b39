import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.policy.entropy_low_at_start import entropy_low_at_start
from ppo_doctor.run import synthetic

FLAT = [10.0, 11.0, 9.0, 10.0] * 3


@pytest.mark.parametrize(("first", "expected"), [(0.3, "clean"), (0.29, "fired"), (0.0, "fired")])
def test_boundaries(first: float, expected: str) -> None:
    run = synthetic("a", entropy_frac=[first] + [0.1] * 11, eval_mean_return=FLAT)
    assert judge(entropy_low_at_start, run).status == expected


def test_a_late_first_point_says_nothing_of_the_start() -> None:
    run = synthetic("a", entropy_frac=[0.1] * 12, eval_mean_return=FLAT, rollout_rows=249)
    assert judge(entropy_low_at_start, run).status == "undecided"
    run = synthetic("a", entropy_frac=[0.1] * 12, eval_mean_return=FLAT, rollout_rows=250)
    assert judge(entropy_low_at_start, run).status == "fired"


def test_without_returns_it_is_undecided() -> None:
    assert judge(entropy_low_at_start, synthetic("a", entropy_frac=[0.1] * 12)).status == "undecided"
