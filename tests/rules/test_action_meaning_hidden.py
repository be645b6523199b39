import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.action_meaning_hidden import action_meaning_hidden
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("value", "expected"), [(0.05, "fired"), (0.06, "clean"), (float("nan"), "undecided")])
def test_boundaries(value: float, expected: str) -> None:
    assert (
        judge(
            action_meaning_hidden, synthetic("a", observation_predicts_reward=value, action_influence_reward=1.0)
        ).status
        == expected
    )


def test_without_the_probe_it_is_skipped_and_names_the_signal() -> None:
    outcome = judge(action_meaning_hidden, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "observation_predicts_reward" in outcome.reason
