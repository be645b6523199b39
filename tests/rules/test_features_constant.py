import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.features_constant import features_constant
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("value", "expected"), [(0.5, "fired"), (0.0, "clean"), (float("nan"), "undecided")])
def test_boundaries(value: float, expected: str) -> None:
    assert judge(features_constant, synthetic("a", obs_constant_frac=value)).status == expected


def test_without_the_probe_it_is_skipped_and_names_the_signal() -> None:
    outcome = judge(features_constant, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "obs_constant_frac" in outcome.reason
