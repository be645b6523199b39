import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.trial.cooler_sampling_helps import cooler_sampling_helps
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"trial_gain_lower_temperature": 0.11}, "fired"),
        ({"trial_gain_lower_temperature": 0.1}, "clean"),
        ({"trial_gain_lower_temperature": float("nan")}, "undecided"),
        ({}, "skipped"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(cooler_sampling_helps, synthetic("a", **signals)).status == expected
