import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.policy.stopped_at_once import REMEDIES, stopped_at_once
from ppo_doctor.run import synthetic

FLAT = [10.0, 11.0, 9.0, 10.0] * 5


@pytest.mark.parametrize(("per_update", "expected"), [(0, "fired"), (1, "fired"), (2, "clean")])
def test_gradient_steps_are_counted_not_epochs(per_update: int, expected: str) -> None:
    done = [per_update * k for k in range(1, 21)]
    run = synthetic("a", early_stopped=[1] * 20, gradient_steps=done, epochs_run=[1] * 20, eval_mean_return=FLAT)
    assert judge(stopped_at_once, run).status == expected


@pytest.mark.parametrize(("late", "expected"), [(2, "clean"), (1, "fired")])
def test_nine_tenths_of_the_updates(late: int, expected: str) -> None:
    stopped = [0] * late + [1] * (20 - late)
    run = synthetic("a", early_stopped=stopped, gradient_steps=list(range(1, 21)), eval_mean_return=FLAT)
    assert judge(stopped_at_once, run).status == expected


def test_short_runs_are_undecided() -> None:
    run = synthetic("a", early_stopped=[1] * 7, gradient_steps=list(range(1, 8)), eval_mean_return=FLAT)
    assert judge(stopped_at_once, run).status == "undecided"


def test_it_never_asks_for_a_tighter_and_a_looser_target() -> None:
    assert not any("target_kl" in remedy.change for remedy in REMEDIES)


@pytest.mark.parametrize(("passes", "expected"), [(0.99, "fired"), (1.01, "clean")])
def test_where_nearly_all_passes_are_wasted_a_run_that_learns_is_no_excuse(passes: float, expected: str) -> None:
    """Of ten passes nine tenths are one left."""
    run = synthetic(
        "a",
        early_stopped=[1] * 20,
        gradient_steps=[3 * k for k in range(1, 21)],
        epochs_run=[passes] * 20,
        n_epochs=10,
        eval_mean_return=[10.0 * k for k in range(20)],
    )
    assert judge(stopped_at_once, run).status == expected
