import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.reference_beaten import reference_beaten
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.0, "clean"), (-0.02, "clean"), (-0.021, "fired"), (9.0, "clean"), (float("nan"), "undecided")],
)
def test_boundaries(value: float, expected: str) -> None:
    assert judge(reference_beaten, synthetic("a", reference_lead_high=value)).status == expected


def test_without_the_probe_it_is_skipped_and_says_so() -> None:
    outcome = judge(reference_beaten, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "reference_lead_high" in outcome.reason
