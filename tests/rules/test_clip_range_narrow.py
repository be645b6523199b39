import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.clip_range_narrow import clip_range_narrow
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"clip_coef_start": 0.0199}, "fired"),
        ({"clip_coef_start": 0.02}, "clean"),
        ({"clip_coef_start": 0.0, "clip_coef_end": 0.2}, "clean"),
        ({"clip_coef_value": [0.02, 0.001]}, "clean"),
        ({"clip_coef_start": float("nan")}, "undecided"),
        ({}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(clip_range_narrow, synthetic("a", **signals)).status == expected
