import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.every_step_terminal import every_step_terminal
from ppo_doctor.run import synthetic

STUCK = [0.4, 0.41, 0.39, 0.4] * 2
LEARNT = [0.1 * k for k in range(1, 13)]


@pytest.mark.parametrize(("length", "expected"), [(1.0, "fired"), (1.05, "fired"), (1.06, "clean"), (20.0, "clean")])
def test_boundaries(length: float, expected: str) -> None:
    run = synthetic("a", action_influence_state=1.0, mean_segment_length=[length] * 4)
    assert judge(every_step_terminal, run).status == expected


@pytest.mark.parametrize(("length", "expected"), [(1.05, "fired"), (1.06, "undecided"), (20.0, "undecided")])
def test_long_episodes_do_not_say_what_ends_are_stored(length: float, expected: str) -> None:
    run = synthetic("a", action_influence_state=1.0, mean_ep_length=[length] * 4)
    assert judge(every_step_terminal, run).status == expected


def test_too_short_is_undecided() -> None:
    assert judge(every_step_terminal, synthetic("a", mean_segment_length=[1.0] * 2)).status == "undecided"


@pytest.mark.parametrize(("influence", "expected"), [(0.0, "clean"), (0.01, "clean"), (0.011, "fired")])
def test_a_task_of_one_decision_is_none_of_its_business_even_if_stuck(influence: float, expected: str) -> None:
    run = synthetic("a", mean_ep_length=[1.0] * 8, mean_ep_return=STUCK, action_influence_state=influence)
    assert judge(every_step_terminal, run).status == expected


def test_episodes_that_are_longer_than_what_is_stored_need_no_probe() -> None:
    run = synthetic("a", mean_segment_length=[1.0] * 4, mean_ep_length=[9.0] * 4, action_influence_state=0.0)
    assert judge(every_step_terminal, run).status == "fired"


@pytest.mark.parametrize(("returns", "expected"), [(STUCK, "fired"), (LEARNT, "undecided"), (None, "undecided")])
def test_without_a_probe_the_return_stands_in(returns: list[float] | None, expected: str) -> None:
    recorded = {} if returns is None else {"mean_ep_return": returns}
    run = synthetic("a", mean_ep_length=[1.0] * 12, **recorded)
    assert judge(every_step_terminal, run).status == expected


@pytest.mark.parametrize(("steps", "expected"), [(1, "undecided"), (2, "fired")])
def test_a_rollout_of_one_step_cuts_every_piece_to_one(steps: int, expected: str) -> None:
    run = synthetic("a", mean_segment_length=[1.0] * 4, mean_ep_length=[9.0] * 4, n_steps=steps)
    assert judge(every_step_terminal, run).status == expected
