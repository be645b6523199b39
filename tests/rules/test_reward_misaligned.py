import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.reward_misaligned import reward_misaligned
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("value", "expected"), [(0.01, "clean"), (0.011, "fired"), (1.0, "fired"), (float("nan"), "undecided")]
)
def test_boundaries(value: float, expected: str) -> None:
    assert judge(reward_misaligned, synthetic("a", reward_misaligned_frac=value)).status == expected


def test_without_the_probe_it_is_skipped_and_says_so() -> None:
    outcome = judge(reward_misaligned, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "reward_misaligned_frac" in outcome.reason
