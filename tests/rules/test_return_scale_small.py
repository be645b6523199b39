import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.return_scale_small import return_scale_small
from ppo_doctor.run import synthetic

FLAT = [0.010, 0.011, 0.012, 0.010] * 3


@pytest.mark.parametrize(("std", "expected"), [(0.02, "clean"), (0.019, "fired"), (1e-9, "fired"), (0.0, "clean")])
def test_boundaries(std: float, expected: str) -> None:
    assert judge(return_scale_small, synthetic("a", return_std=[std] * 12, eval_mean_return=FLAT)).status == expected


def test_without_returns_it_is_undecided() -> None:
    assert judge(return_scale_small, synthetic("a", return_std=[0.001] * 12)).status == "undecided"
