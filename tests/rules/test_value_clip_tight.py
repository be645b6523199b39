import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.value_clip_tight import value_clip_tight
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("clip", "explained", "expected"),
    [(0.3, 0.1, "clean"), (0.29, 0.1, "fired"), (0.1, 0.3, "clean"), (0.1, 0.29, "fired")],
)
def test_boundaries(clip: float, explained: float, expected: str) -> None:
    run = synthetic("a", clip_range_vf=clip, explained_variance=[explained] * 12)
    assert judge(value_clip_tight, run).status == expected


def test_without_a_clip_it_is_skipped() -> None:
    assert judge(value_clip_tight, synthetic("a", explained_variance=[0.0] * 12)).status == "skipped"
