import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.optim.schedule_not_applied import schedule_not_applied
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("end", "expected"), [(1.0, "clean"), (0.995, "clean"), (0.98, "fired"), (0.0, "fired"), (2.0, "fired")]
)
def test_boundaries(end: float, expected: str) -> None:
    run = synthetic("a", learning_rate=[1.0] * 10, learning_rate_start=1.0, learning_rate_end=end)
    assert judge(schedule_not_applied, run).status == expected


def test_early_it_is_undecided() -> None:
    run = synthetic("a", learning_rate=[1.0] * 10, learning_rate_start=1.0, learning_rate_end=0.0, total_steps=1e5)
    assert judge(schedule_not_applied, run).status == "undecided"
