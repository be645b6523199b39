import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.policy.ratio_leaves_range import ratio_leaves_range
from ppo_doctor.run import synthetic

FLAT = [10.0, 11.0, 9.0, 10.0] * 3


@pytest.mark.parametrize(
    ("ratio", "clip", "share", "expected"),
    [
        (1.79, 0.2, 0.5, "clean"),
        (1.81, 0.2, 0.5, "fired"),
        (1.81, 0.3, 0.5, "clean"),
        (9.0, 0.2, 0.3, "clean"),
        (9.0, 0.2, 0.31, "fired"),
    ],
)
def test_boundaries_are_multiples_of_the_clip_range(ratio: float, clip: float, share: float, expected: str) -> None:
    series = {"ratio_excess_high": [ratio] * 12, "clip_coef_value": [clip] * 12, "clip_frac": [share] * 12}
    assert judge(ratio_leaves_range, synthetic("a", eval_mean_return=FLAT, **series)).status == expected


def test_updates_without_any_clipped_row_are_left_out() -> None:
    series = {
        "ratio_excess_high": [float("nan")] * 8 + [9.0] * 4,
        "clip_coef_value": [0.2] * 12,
        "clip_frac": [0.5] * 12,
    }
    assert judge(ratio_leaves_range, synthetic("a", eval_mean_return=FLAT, **series)).status == "undecided"
