import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.not_reproducible import not_reproducible
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("value", "expected"), [(0.999, "clean"), (0.998, "fired"), (0.0, "fired"), (float("nan"), "undecided")]
)
def test_boundaries(value: float, expected: str) -> None:
    assert judge(not_reproducible, synthetic("a", determinism=value)).status == expected


def test_without_the_probe_it_is_skipped_and_says_so() -> None:
    outcome = judge(not_reproducible, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "determinism" in outcome.reason
