import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.workload_fixed import workload_fixed
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("value", "expected"), [(0.0, "fired"), (0.01, "clean"), (1.0, "clean"), (float("nan"), "undecided")]
)
def test_boundaries(value: float, expected: str) -> None:
    assert judge(workload_fixed, synthetic("a", workload_varies=value)).status == expected


def test_without_the_probe_it_is_skipped_and_says_so() -> None:
    outcome = judge(workload_fixed, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "workload_varies" in outcome.reason
