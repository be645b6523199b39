import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.eval.below_baseline import below_baseline
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("level", "expected"), [(24.0, "clean"), (26.0, "fired"), (69.0, "fired"), (70.0, "clean"), (130.0, "clean")]
)
@pytest.mark.parametrize("shift", [0.0, -500.0])
def test_boundaries_between_random_play_and_the_baseline(level: float, expected: str, shift: float) -> None:
    values = [20.0 + shift] + [level + shift] * 11
    run = synthetic("a", eval_mean_return=values, random_return=20 + shift, best_baseline_return=120 + shift)
    assert judge(below_baseline, run).status == expected


def test_early_it_is_undecided_and_a_baseline_below_random_play_sets_no_mark() -> None:
    flat = {"eval_mean_return": [40.0] * 12, "random_return": 20}
    assert (
        judge(below_baseline, synthetic("a", best_baseline_return=120, total_steps=1e5, **flat)).status == "undecided"
    )
    assert judge(below_baseline, synthetic("a", best_baseline_return=10, **flat)).status == "clean"
