import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.observation_uninformative import observation_uninformative
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("gain", "headroom", "expected"),
    [(0.05, 2.0, "fired"), (0.051, 2.0, "clean"), (0.0, 0.5, "clean"), (0.0, 0.51, "fired")],
)
def test_boundaries(gain: float, headroom: float, expected: str) -> None:
    run = synthetic("a", observation_predicts_action=gain, headroom=headroom)
    assert judge(observation_uninformative, run).status == expected


def test_without_headroom_it_is_undecided() -> None:
    assert judge(observation_uninformative, synthetic("a", observation_predicts_action=0.0)).status == "undecided"


@pytest.mark.parametrize(("influence", "expected"), [(0.5, "clean"), (0.51, "fired")])
def test_actions_that_decide_the_return_are_headroom_that_a_blind_search_cannot_find(
    influence: float, expected: str
) -> None:
    run = synthetic("a", observation_predicts_action=0.0, headroom=0.1, action_influence_return=influence)
    assert judge(observation_uninformative, run).status == expected
