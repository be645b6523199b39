import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.eval.short_of_baseline import short_of_baseline
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("level", "expected"), [(49.9, "clean"), (50.0, "fired"), (79.9, "fired"), (80.0, "clean"), (120.0, "clean")]
)
def test_boundaries(level: float, expected: str) -> None:
    curve = [0.0, level / 2] + [level] * 10
    run = synthetic("a", eval_mean_return=curve, random_return=0, best_baseline_return=100)
    assert judge(short_of_baseline, run).status == expected


def test_a_run_that_has_hardly_begun_is_undecided() -> None:
    run = synthetic(
        "a", eval_mean_return=[0.0] + [60.0] * 11, random_return=0, best_baseline_return=100, total_steps=1e6
    )
    assert judge(short_of_baseline, run).status == "undecided"


def test_without_a_baseline_it_is_skipped() -> None:
    assert judge(short_of_baseline, synthetic("a", eval_mean_return=[60.0] * 12)).status == "skipped"
