import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.transitions_broken import transitions_broken
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"transition_gap_frac": 0.001}, "fired"),
        ({"transition_gap_frac": 0.0}, "clean"),
        ({"transition_gap_frac": 0.9, "obs_aliased_frac": 0.9}, "clean"),
        ({"transition_gap_frac": float("nan")}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(transitions_broken, synthetic("a", **signals)).status == expected
