import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.log_prob_mismatch import log_prob_mismatch
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("value", "expected"), [(1e-3, "clean"), (1.1e-3, "fired"), (7.0, "fired"), (float("inf"), "undecided")]
)
def test_boundaries(value: float, expected: str) -> None:
    assert judge(log_prob_mismatch, synthetic("a", log_prob_error=value)).status == expected


def test_without_the_probe_it_is_skipped_and_says_so() -> None:
    outcome = judge(log_prob_mismatch, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "log_prob_error" in outcome.reason
