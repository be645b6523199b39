import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.optim.entropy_term_wrong import entropy_term_wrong
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("value", "expected"), [(1e-9, "clean"), (0.0, "fired"), (-1.0, "fired"), (float("nan"), "undecided")]
)
def test_boundaries(value: float, expected: str) -> None:
    assert judge(entropy_term_wrong, synthetic("a", entropy_step=value)).status == expected


def test_without_the_probe_it_is_skipped_and_says_so() -> None:
    outcome = judge(entropy_term_wrong, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "entropy_step" in outcome.reason
