import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.optim.surrogate_not_improved import surrogate_not_improved
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"pg_loss": [0.01] * 9 + [-0.01]}, "fired"),
        ({"pg_loss": [0.01] * 8 + [-0.01] * 2}, "clean"),
        ({"pg_loss": [0.01] * 9}, "undecided"),
        ({"pg_loss": [0.0] * 20}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(surrogate_not_improved, synthetic("a", **signals)).status == expected
