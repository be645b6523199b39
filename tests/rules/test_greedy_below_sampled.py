import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.eval.greedy_below_sampled import greedy_below_sampled
from ppo_doctor.run import synthetic

ROSE = [0.0, 40.0, 80.0] + [100.0] * 9


@pytest.mark.parametrize(("greedy", "expected"), [(70.0, "clean"), (69.0, "fired"), (100.0, "clean"), (200.0, "clean")])
@pytest.mark.parametrize("shift", [0.0, -300.0])
def test_boundaries_as_a_share_of_the_gain(greedy: float, expected: str, shift: float) -> None:
    sampled = [value + shift for value in ROSE]
    run = synthetic("a", eval_sampled_mean_return=sampled, eval_mean_return=[greedy + shift] * 12)
    assert judge(greedy_below_sampled, run).status == expected


def test_too_short_is_undecided() -> None:
    run = synthetic("a", eval_sampled_mean_return=ROSE[:5], eval_mean_return=[0.0] * 5)
    assert judge(greedy_below_sampled, run).status == "undecided"
