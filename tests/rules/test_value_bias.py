import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.critic.value_bias import value_bias
from ppo_doctor.run import synthetic

FLAT = [10.0, 11.0, 9.0, 10.0] * 4


@pytest.mark.parametrize(("bias", "expected"), [(4.0, "clean"), (4.1, "fired"), (-4.1, "fired"), (1e5, "clean")])
def test_boundaries_in_units_of_the_returns_spread(bias: float, expected: str) -> None:
    run = synthetic("a", value_bias=[bias] * 16, return_std=[4.0] * 16, eval_mean_return=FLAT)
    assert judge(value_bias, run).status == expected


def test_without_returns_it_is_undecided() -> None:
    assert judge(value_bias, synthetic("a", value_bias=[9.0] * 16, return_std=[1.0] * 16)).status == "undecided"
