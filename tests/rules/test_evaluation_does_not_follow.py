import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.eval.evaluation_does_not_follow import evaluation_does_not_follow
from ppo_doctor.run import synthetic

LEARNT = [0.0, 40.0, 80.0] + [100.0] * 9


@pytest.mark.parametrize(("level", "expected"), [(50.0, "clean"), (49.0, "fired"), (-200.0, "fired"), (120.0, "clean")])
def test_boundaries(level: float, expected: str) -> None:
    run = synthetic("a", mean_ep_return=LEARNT, eval_mean_return=[level] * 8)
    assert judge(evaluation_does_not_follow, run).status == expected


def test_a_greedy_policy_that_fails_is_not_this_fault_if_the_sampled_one_follows() -> None:
    run = synthetic("a", mean_ep_return=LEARNT, eval_mean_return=[0.0] * 8, eval_sampled_mean_return=[95.0] * 8)
    assert judge(evaluation_does_not_follow, run).status == "clean"


def test_without_learning_there_is_nothing_to_follow() -> None:
    run = synthetic("a", mean_ep_return=[9.0, 10.0, 11.0] * 4, eval_mean_return=[0.0] * 8)
    assert judge(evaluation_does_not_follow, run).status == "undecided"
