import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.reward_term_dead import reward_term_dead
from ppo_doctor.run import synthetic

FLAT = [10.0, 11.0, 9.0, 10.0] * 3


@pytest.mark.parametrize(
    ("share", "paid", "expected"),
    [(0.002, 1.0, "fired"), (0.003, 1.0, "clean"), (-0.003, 1.0, "clean"), (0.0, 0.0, "clean"), (0.0, -1.0, "fired")],
)
def test_boundaries(share: float, paid: float, expected: str) -> None:
    run = synthetic("a", reward_term_share={"x": [share] * 12}, reward_term={"x": [paid] * 12}, eval_mean_return=FLAT)
    assert judge(reward_term_dead, run).status == expected


def test_one_point_that_steers_is_enough() -> None:
    shares = {"x": [0.0] * 11 + [0.5]}
    run = synthetic("a", reward_term_share=shares, reward_term={"x": [1.0] * 12}, eval_mean_return=FLAT)
    assert judge(reward_term_dead, run).status == "clean"
