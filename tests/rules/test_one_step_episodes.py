import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.one_step_episodes import one_step_episodes
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("length", "influence", "expected"),
    [
        (1.0, 1.0, "fired"),
        (1.05, 0.011, "fired"),
        (1.06, 1.0, "clean"),
        (1.0, 0.01, "clean"),
        (1.0, float("nan"), "undecided"),
    ],
)
def test_boundaries(length: float, influence: float, expected: str) -> None:
    run = synthetic("a", segment_length=length, action_influence_state=influence)
    assert judge(one_step_episodes, run).status == expected


def test_the_length_alone_does_not_tell_a_bandit_from_a_fault() -> None:
    assert judge(one_step_episodes, synthetic("a", segment_length=1.0)).status == "skipped"
