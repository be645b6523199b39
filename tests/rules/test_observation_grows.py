import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.observation_grows import observation_grows
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("value", "expected"), [(200.0, "clean"), (200.1, "fired"), (float("nan"), "undecided")])
def test_boundaries(value: float, expected: str) -> None:
    assert judge(observation_grows, synthetic("a", obs_growth=value)).status == expected


@pytest.mark.parametrize(("rate", "expected"), [(1.1, "clean"), (1.101, "fired"), (float("nan"), "undecided")])
def test_a_steady_rate_tells_where_episodes_are_short(rate: float, expected: str) -> None:
    assert judge(observation_grows, synthetic("a", obs_growth=3.0, obs_growth_rate=rate)).status == expected


def test_without_the_probe_it_is_skipped_and_says_so() -> None:
    outcome = judge(observation_grows, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "obs_growth" in outcome.reason
