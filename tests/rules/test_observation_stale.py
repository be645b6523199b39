import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.observation_stale import observation_stale
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"obs_stale_frac": 0.21}, "fired"),
        ({"obs_stale_frac": 0.2}, "clean"),
        ({"obs_stale_frac": float("nan")}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(observation_stale, synthetic("a", **signals)).status == expected
