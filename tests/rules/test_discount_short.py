import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.discount_short import discount_short
from ppo_doctor.run import synthetic

FLAT = [10.0, 11.0, 9.0, 10.0] * 3


@pytest.mark.parametrize(
    ("gamma", "length", "expected"),
    [(0.9, 99.0, "clean"), (0.9, 101.0, "undecided"), (1.0, 1e6, "clean"), (0.0, 1.0, "clean"), (0.0, 500.0, "fired")],
)
def test_boundaries(gamma: float, length: float, expected: str) -> None:
    run = synthetic("a", gamma=gamma, mean_ep_length=[length] * 12, eval_mean_return=FLAT)
    assert judge(discount_short, run).status == expected


def test_a_short_horizon_that_learns_is_right() -> None:
    run = synthetic("a", gamma=0.5, mean_ep_length=[500.0] * 12, eval_mean_return=[9.0 * k for k in range(12)])
    assert judge(discount_short, run).status == "clean"


@pytest.mark.parametrize(("delay", "expected"), [(9.9, "clean"), (10.1, "fired")])
def test_where_the_delay_of_the_effect_is_known_it_decides(delay: float, expected: str) -> None:
    run = synthetic("a", gamma=0.9, credit_delay=delay, mean_ep_length=[500.0] * 12, eval_mean_return=FLAT)
    assert judge(discount_short, run).status == expected
