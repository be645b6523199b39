import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.critic_rate_small import critic_rate_small
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"critic_learning_rate": 0.099}, "fired"),
        ({"critic_learning_rate": 0.1}, "clean"),
        ({"critic_learning_rate": float("nan")}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(critic_rate_small, synthetic("a", **signals)).status == expected
