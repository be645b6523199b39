import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.log.metric_window_short import metric_window_short
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("value", "expected"), [(0.5, "clean"), (0.49, "fired"), (0.0, "fired"), (float("nan"), "undecided")]
)
def test_boundaries(value: float, expected: str) -> None:
    assert judge(metric_window_short, synthetic("a", metric_window_share=value)).status == expected


def test_without_the_probe_it_is_skipped_and_says_so() -> None:
    outcome = judge(metric_window_short, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "metric_window_share" in outcome.reason
