import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.advantage_mismatch import advantage_mismatch
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("value", "expected"), [(1e-3, "clean"), (1.1e-3, "fired"), (float("nan"), "undecided")])
def test_boundaries(value: float, expected: str) -> None:
    assert judge(advantage_mismatch, synthetic("a", gae_error=value)).status == expected


def test_without_the_probe_it_is_skipped_and_says_so() -> None:
    outcome = judge(advantage_mismatch, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "gae_error" in outcome.reason
