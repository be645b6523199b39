import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.mask_mismatch import mask_mismatch
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("value", "expected"), [(0.0, "clean"), (1e-6, "fired"), (1.0, "fired"), (float("nan"), "undecided")]
)
def test_boundaries(value: float, expected: str) -> None:
    assert judge(mask_mismatch, synthetic("a", mask_mismatch_frac=value)).status == expected


def test_without_the_probe_it_is_skipped_and_says_so() -> None:
    outcome = judge(mask_mismatch, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "mask_mismatch_frac" in outcome.reason
