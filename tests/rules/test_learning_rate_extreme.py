import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.learning_rate_extreme import learning_rate_extreme
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("rate", "expected"), [(0.02, "clean"), (0.021, "fired"), (1e-6, "clean"), (9e-7, "fired"), (0.0, "fired")]
)
def test_boundaries(rate: float, expected: str) -> None:
    assert judge(learning_rate_extreme, synthetic("a", learning_rate=[rate] * 4)).status == expected


def test_too_short_is_undecided() -> None:
    assert judge(learning_rate_extreme, synthetic("a", learning_rate=[1.0] * 2)).status == "undecided"
