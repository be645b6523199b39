import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.advantages_unscaled import advantages_unscaled
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"normalize_advantage": 0.0, "advantage_std": [5.1] * 8}, "fired"),
        ({"normalize_advantage": 0.0, "advantage_std": [5.0] * 8}, "clean"),
        ({"normalize_advantage": 0.0, "advantage_std": [0.19] * 8}, "fired"),
        ({"normalize_advantage": 0.0, "advantage_std": [9.0] * 4}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(advantages_unscaled, synthetic("a", **signals)).status == expected
