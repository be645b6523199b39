import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.forward_random import forward_random
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"forward_noise": 1.1e-4}, "fired"),
        ({"forward_noise": 1e-4}, "clean"),
        ({"forward_noise": float("nan")}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(forward_random, synthetic("a", **signals)).status == expected
