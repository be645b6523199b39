import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.actions_tied import actions_tied
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("value", "expected"), [(0.05, "clean"), (0.051, "fired"), (1.0, "fired"), (float("nan"), "undecided")]
)
def test_boundaries(value: float, expected: str) -> None:
    assert judge(actions_tied, synthetic("a", action_tied_frac=value)).status == expected


def test_without_the_probe_nothing_is_said_but_of_choices() -> None:
    outcome = judge(actions_tied, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "undecided"
    assert "action_tied_frac" in outcome.reason
    assert judge(actions_tied, synthetic("a", n_actions=4)).status == "clean"
