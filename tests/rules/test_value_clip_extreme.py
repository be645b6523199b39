import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.value_clip_extreme import value_clip_extreme
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("clip", "expected"), [(0.2, "clean"), (0.03, "clean"), (0.029, "fired")])
def test_the_boundary_is_below_what_anybody_sets(clip: float, expected: str) -> None:
    assert judge(value_clip_extreme, synthetic("a", clip_range_vf=clip)).status == expected


def test_no_clip_is_nothing_to_judge() -> None:
    assert judge(value_clip_extreme, synthetic("a", learning_rate=[1e-3] * 4)).status == "skipped"
