import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.eval.normaliser_not_shared import normaliser_not_shared
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("value", "expected"), [(0.1, "clean"), (0.11, "fired"), (9.0, "fired"), (float("nan"), "undecided")]
)
def test_boundaries(value: float, expected: str) -> None:
    assert judge(normaliser_not_shared, synthetic("a", normaliser_gap=value)).status == expected


def test_without_the_probe_it_is_skipped_and_says_so() -> None:
    outcome = judge(normaliser_not_shared, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "normaliser_gap" in outcome.reason
