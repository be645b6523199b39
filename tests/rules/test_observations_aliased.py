import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.observations_aliased import observations_aliased
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("value", "expected"), [(0.0, "clean"), (1e-6, "fired"), (1.0, "fired"), (float("nan"), "undecided")]
)
def test_boundaries(value: float, expected: str) -> None:
    assert judge(observations_aliased, synthetic("a", obs_aliased_frac=value)).status == expected


def test_without_the_probe_it_is_skipped_and_says_so() -> None:
    outcome = judge(observations_aliased, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "obs_aliased_frac" in outcome.reason
