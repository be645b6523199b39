import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.temperature_high import temperature_high
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"temperature": [3.1] * 3}, "fired"),
        ({"temperature": [3.0] * 3}, "clean"),
        ({"temperature": [9.0] * 2}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(temperature_high, synthetic("a", **signals)).status == expected
