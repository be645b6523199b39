import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.few_updates import few_updates
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("envs", "expected"), [(1, "clean"), (10, "clean"), (11, "fired"), (40, "fired")])
def test_more_environments_mean_fewer_updates(envs: int, expected: str) -> None:
    assert judge(few_updates, synthetic("a", total_steps=150_000, n_envs=envs, n_steps=1000)).status == expected
