import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.stored_actions_tied import stored_actions_tied
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"stored_action_tied": 0.011}, "fired"),
        ({"stored_action_tied": 0.01}, "clean"),
        ({"stored_action_tied": float("nan")}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(stored_actions_tied, synthetic("a", **signals)).status == expected
