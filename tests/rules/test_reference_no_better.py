import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.reference_no_better import reference_no_better
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.02, 9.0, "fired"),
        (0.021, 9.0, "clean"),
        (-9.0, -0.02, "fired"),
        (-9.0, -0.021, "clean"),
        (float("nan"), 1.0, "undecided"),
    ],
)
def test_boundaries(low: float, high: float, expected: str) -> None:
    run = synthetic("a", reference_gain_low=low, reference_gain_high=high)
    assert judge(reference_no_better, run).status == expected


def test_without_the_probe_it_is_skipped_and_says_so() -> None:
    outcome = judge(reference_no_better, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "reference_gain_low" in outcome.reason
