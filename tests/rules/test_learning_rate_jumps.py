import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.optim.learning_rate_jumps import learning_rate_jumps
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("jump", "expected"), [(1.5, "clean"), (1.51, "fired"), (100.0, "fired")])
def test_boundaries(jump: float, expected: str) -> None:
    rates = [2.0, 1.8, 1.6, 1.4, 1.2, 1.0, jump, 0.9, 0.8, 0.7, 0.6]
    assert judge(learning_rate_jumps, synthetic("a", learning_rate=rates)).status == expected


def test_a_constant_rate_that_is_raised_once_by_hand_is_no_lost_schedule() -> None:
    assert judge(learning_rate_jumps, synthetic("a", learning_rate=[1.0] * 6 + [2.0] * 6)).status == "clean"
