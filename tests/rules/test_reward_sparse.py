import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.reward_sparse import reward_sparse
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("value", "expected"), [(0.02, "fired"), (0.021, "clean"), (0.0, "fired"), (float("nan"), "undecided")]
)
def test_boundaries(value: float, expected: str) -> None:
    assert judge(reward_sparse, synthetic("a", reward_occurrence=value)).status == expected


def test_without_the_probe_it_is_skipped_and_says_so() -> None:
    outcome = judge(reward_sparse, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "reward_occurrence" in outcome.reason
