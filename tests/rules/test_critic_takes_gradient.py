import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.critic.critic_takes_gradient import REMEDIES, critic_takes_gradient
from ppo_doctor.run import synthetic

FLAT = [10.0, 11.0, 9.0, 10.0] * 3


@pytest.mark.parametrize(
    ("value", "clipped", "expected"),
    [(30.0, 1.0, "clean"), (31.0, 1.0, "fired"), (31.0, 0.5, "clean"), (31.0, 0.51, "fired")],
)
def test_boundaries(value: float, clipped: float, expected: str) -> None:
    series = {"grad_norm_value": [value] * 12, "grad_norm_policy": [1.0] * 12, "grad_clipped_frac": [clipped] * 12}
    assert judge(critic_takes_gradient, synthetic("a", eval_mean_return=FLAT, **series)).status == expected


def test_it_never_raises_the_weight_of_the_value_loss() -> None:
    assert all(float(one.change.get("vf_coef", "x0").removeprefix("x")) < 1 for one in REMEDIES)
