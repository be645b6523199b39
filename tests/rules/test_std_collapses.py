import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.policy.std_collapses import std_collapses
from ppo_doctor.run import synthetic

FLAT = [10.0, 11.0, 9.0, 10.0] * 4


@pytest.mark.parametrize(("end", "expected"), [(-2.3, "clean"), (-2.31, "fired"), (-9.0, "fired")])
def test_boundaries(end: float, expected: str) -> None:
    run = synthetic("a", log_std_mean=[0.0] + [end] * 15, eval_mean_return=FLAT)
    assert judge(std_collapses, run).status == expected


def test_a_narrow_start_is_no_collapse() -> None:
    run = synthetic("a", log_std_mean=[-3.0] * 16, eval_mean_return=FLAT)
    assert judge(std_collapses, run).status == "clean"


def test_what_cannot_be_told_is_undecided() -> None:
    rose = [10.0, 40.0, 80.0] + [100.0, 101.0, 99.0, 100.0] * 3 + [100.0]
    for more in ({}, {"eval_mean_return": rose}):
        assert judge(std_collapses, synthetic("a", log_std_mean=[0.0] + [-5.0] * 15, **more)).status == "undecided"
