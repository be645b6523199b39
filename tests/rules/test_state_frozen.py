import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.state_frozen import state_frozen
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("value", "expected"), [(0.01, "fired"), (0.011, "clean"), (1.0, "clean"), (float("nan"), "undecided")]
)
def test_boundaries(value: float, expected: str) -> None:
    assert judge(state_frozen, synthetic("a", state_changes=value)).status == expected


def test_without_the_probe_it_is_skipped_and_says_so() -> None:
    outcome = judge(state_frozen, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "state_changes" in outcome.reason
