import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.eval.not_above_random import not_above_random
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("level", "best", "expected"),
    [
        (20.0, None, "fired"),
        (20.1, None, "clean"),
        (25.0, 120, "fired"),  # at a twentieth of the headroom
        (25.1, 120, "clean"),
        (5.0, 120, "fired"),
        (20.0, 20, "undecided"),  # no headroom known
        (99.0, 15, "undecided"),
    ],
)
@pytest.mark.parametrize("shift", [0.0, -1000.0])
def test_boundaries_relative_to_the_environment(level: float, best: int | None, expected: str, shift: float) -> None:
    references = {} if best is None else {"best_baseline_return": best + shift}
    run = synthetic("a", eval_mean_return=[level + shift] * 5, random_return=20 + shift, **references)
    assert judge(not_above_random, run).status == expected


def test_above_by_less_than_the_noise_is_undecided() -> None:
    run = synthetic("a", eval_mean_return=[22.0, 10.0, 35.0, 21.0] * 3, random_return=20)
    assert judge(not_above_random, run).status == "undecided"


def test_the_end_counts_not_the_peak() -> None:
    run = synthetic("a", eval_mean_return=[20.0, 90.0, 100.0, 95.0, 30.0, 20.0, 19.0, 20.0], random_return=20)
    assert judge(not_above_random, run).status == "fired"


@pytest.mark.parametrize(("total", "expected"), [(10_000, "fired"), (10_001, "undecided")])
def test_it_waits_for_three_tenths_of_the_budget(total: int, expected: str) -> None:
    run = synthetic("a", eval_mean_return=[20.0] * 3, random_return=20, total_steps=total)
    assert judge(not_above_random, run).status == expected


def test_it_needs_three_evaluations_and_a_reference() -> None:
    assert judge(not_above_random, synthetic("a", eval_mean_return=[20.0] * 2, random_return=20)).status == "undecided"
    assert judge(not_above_random, synthetic("a", eval_mean_return=[20.0] * 9)).status == "skipped"


@pytest.mark.parametrize(("level", "expected"), [(25.0, "fired"), (25.1, "clean")])
def test_without_a_baseline_half_a_deviation_of_random_play_counts(level: float, expected: str) -> None:
    run = synthetic("a", eval_mean_return=[level] * 5, random_return=20, random_return_std=10)
    assert judge(not_above_random, run).status == expected
