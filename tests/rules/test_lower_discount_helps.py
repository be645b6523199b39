import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.trial.lower_discount_helps import lower_discount_helps
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"trial_gain_lower_discount": 0.11}, "fired"),
        ({"trial_gain_lower_discount": 0.1}, "clean"),
        ({"trial_gain_lower_discount": float("nan")}, "undecided"),
        ({}, "skipped"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(lower_discount_helps, synthetic("a", **signals)).status == expected
