import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.only_timeouts import only_timeouts
from ppo_doctor.run import synthetic

FLAT = [-200.0] * 12


@pytest.mark.parametrize(
    ("ended", "cut", "expected"), [(0.0, 0.01, "fired"), (0.001, 0.01, "clean"), (0.0, 0.0, "clean")]
)
def test_boundaries(ended: float, cut: float, expected: str) -> None:
    run = synthetic("a", terminated_frac=[0.0] * 11 + [ended], truncated_frac=[cut] * 12, eval_mean_return=FLAT)
    assert judge(only_timeouts, run).status == expected


def test_a_solved_task_that_ends_by_its_limit_is_no_fault() -> None:
    solved = [20.0, 100.0, 300.0] + [500.0] * 9
    run = synthetic("a", terminated_frac=[0.0] * 12, truncated_frac=[0.01] * 12, eval_mean_return=solved)
    assert judge(only_timeouts, run).status == "clean"


def test_without_returns_it_is_undecided() -> None:
    run = synthetic("a", terminated_frac=[0.0] * 12, truncated_frac=[0.01] * 12)
    assert judge(only_timeouts, run).status == "undecided"


def test_a_task_that_pays_every_step_needs_no_end() -> None:
    cut = {"terminated_frac": [0.0] * 12, "truncated_frac": [0.01] * 12, "eval_mean_return": FLAT}
    assert judge(only_timeouts, synthetic("a", reward_std=[2.0] * 12, **cut)).status == "clean"
    assert judge(only_timeouts, synthetic("a", reward_std=[0.0] * 11 + [1.0], **cut)).status == "fired"
