import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.eval.evaluation_leaks import evaluation_leaks
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("value", "expected"), [(0.0, "clean"), (0.001, "fired"), (1.0, "fired"), (float("nan"), "undecided")]
)
def test_boundaries(value: float, expected: str) -> None:
    assert judge(evaluation_leaks, synthetic("a", seed_overlap=value)).status == expected


def test_without_the_probe_it_is_skipped_and_says_so() -> None:
    outcome = judge(evaluation_leaks, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "seed_overlap" in outcome.reason
