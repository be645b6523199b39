import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.policy.clip_range_small import clip_range_small
from ppo_doctor.run import synthetic

FLAT = [10.0, 11.0, 9.0, 10.0] * 4


@pytest.mark.parametrize(
    ("clip", "kl", "expected"),
    [(0.3, 1e-5, "clean"), (0.31, 1e-5, "fired"), (0.9, 1e-3, "clean"), (0.9, 9e-4, "fired")],
)
def test_boundaries(clip: float, kl: float, expected: str) -> None:
    run = synthetic("a", clip_frac=[clip] * 16, approx_kl_mean=[kl] * 16, eval_mean_return=FLAT)
    assert judge(clip_range_small, run).status == expected


def test_a_clip_range_annealed_to_zero_is_no_fault() -> None:
    run = synthetic("a", clip_frac=[0.1] * 9 + [0.9] * 7, approx_kl_mean=[0.01] * 9 + [1e-6] * 7, eval_mean_return=FLAT)
    assert judge(clip_range_small, run).status == "clean"


def test_without_returns_or_too_short_it_is_undecided() -> None:
    for n, more in ((16, {}), (7, {"eval_mean_return": FLAT})):
        run = synthetic("a", clip_frac=[0.9] * n, approx_kl_mean=[1e-6] * n, **more)
        assert judge(clip_range_small, run).status == "undecided"
