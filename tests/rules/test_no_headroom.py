import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.no_headroom import no_headroom
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("value", "expected"), [(0.2, "fired"), (0.21, "clean"), (-1.0, "fired"), (float("nan"), "undecided")]
)
def test_boundaries(value: float, expected: str) -> None:
    assert judge(no_headroom, synthetic("a", headroom=value)).status == expected


def test_without_the_probe_it_is_skipped_and_says_so() -> None:
    outcome = judge(no_headroom, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "headroom" in outcome.reason
