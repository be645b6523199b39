import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.one_decision import one_decision
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("length", "expected"), [(1.0, "fired"), (1.05, "fired"), (1.06, "clean"), (9.0, "clean")])
def test_boundaries(length: float, expected: str) -> None:
    assert judge(one_decision, synthetic("a", mean_ep_length=[length] * 3)).status == expected


def test_two_updates_are_too_few() -> None:
    assert judge(one_decision, synthetic("a", mean_ep_length=[1.0] * 2)).status == "undecided"


def test_a_stuck_run_is_left_to_the_rule_on_ends() -> None:
    run = synthetic("a", mean_ep_length=[1.0] * 8, mean_ep_return=[0.4, 0.41, 0.39, 0.4] * 2)
    assert judge(one_decision, run).status == "undecided"
