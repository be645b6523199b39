import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.critic.returns_hardly_vary import returns_hardly_vary
from ppo_doctor.run import synthetic

NAN = float("nan")


@pytest.mark.parametrize(
    ("rest", "expected"),
    [([-2.1] * 8, "fired"), ([-2.0] * 8, "clean"), ([NAN] * 8, "fired"), ([NAN] * 4 + [0.0] * 4, "clean")],
)
def test_boundaries(rest: list[float], expected: str) -> None:
    assert judge(returns_hardly_vary, synthetic("a", explained_variance=[-50.0] * 3 + rest)).status == expected


def test_the_first_updates_are_not_judged() -> None:
    assert judge(returns_hardly_vary, synthetic("a", explained_variance=[-50.0] * 10)).status == "undecided"


def test_an_infinite_skill_is_no_skill() -> None:
    run = synthetic("a", explained_variance=[0.0] * 11 + [float("inf")])
    assert judge(returns_hardly_vary, run).status == "undecided"


def test_a_solved_task_may_end_with_equal_returns() -> None:
    rose = [10.0, 30.0, 60.0, 90.0] + [100.0] * 8
    run = synthetic("a", explained_variance=[-9.0] * 12, mean_ep_return=rose)
    assert judge(returns_hardly_vary, run).status == "undecided"
