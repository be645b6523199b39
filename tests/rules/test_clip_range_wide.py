import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.clip_range_wide import clip_range_wide
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"clip_coef_start": 0.51}, "fired"),
        ({"clip_coef_start": 0.5}, "clean"),
        ({"clip_coef_start": float("nan")}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(clip_range_wide, synthetic("a", **signals)).status == expected
