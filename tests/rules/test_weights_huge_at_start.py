import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.network.weights_huge_at_start import weights_huge_at_start
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"update_ratio": [0.0019], "learning_rate": [1e-3], "gradient_steps": [16.0]}, "fired"),
        ({"update_ratio": [0.0021], "learning_rate": [1e-3], "gradient_steps": [16.0]}, "clean"),
        ({"update_ratio": [0.0], "learning_rate": [1e-3], "gradient_steps": [16.0]}, "undecided"),
        ({"update_ratio": [1e-5], "learning_rate": [1e-3], "gradient_steps": [16.0], "adam_eps": 1.0}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(weights_huge_at_start, synthetic("a", **signals)).status == expected
