import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.optim.schedule_ends_early import schedule_ends_early
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("alive", "expected"), [(14, "fired"), (15, "clean"), (20, "clean"), (1, "fired")])
def test_boundaries(alive: int, expected: str) -> None:
    run = synthetic("a", learning_rate=[1e-3] * alive + [0.0] * (20 - alive), total_steps=20_000)
    assert judge(schedule_ends_early, run).status == expected


def test_a_dip_that_recovers_is_no_end() -> None:
    run = synthetic("a", learning_rate=[1e-3] * 5 + [0.0] * 5 + [1e-3] * 5, total_steps=15_000)
    assert judge(schedule_ends_early, run).status == "clean"
