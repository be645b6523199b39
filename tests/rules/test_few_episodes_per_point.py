import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.log.few_episodes_per_point import few_episodes_per_point
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("n", "updates", "expected"), [(3, 6, "fired"), (4, 6, "clean"), (1, 5, "undecided")])
def test_boundaries(n: int, updates: int, expected: str) -> None:
    run = synthetic("a", n_episodes=[n] * updates, mean_ep_return=[1.0] * updates)
    assert judge(few_episodes_per_point, run).status == expected
