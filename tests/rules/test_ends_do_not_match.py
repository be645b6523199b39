import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.ends_do_not_match import ends_do_not_match
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("value", "expected"), [(0.0, "clean"), (1e-6, "fired"), (1.0, "fired"), (float("nan"), "undecided")]
)
def test_boundaries(value: float, expected: str) -> None:
    assert judge(ends_do_not_match, synthetic("a", done_mismatch=value)).status == expected


def test_without_the_probe_it_is_skipped_and_says_so() -> None:
    outcome = judge(ends_do_not_match, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "done_mismatch" in outcome.reason
