import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.action_effect_small import action_effect_small
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, "clean"),
        (0.05, "clean"),
        (0.051, "fired"),
        (0.316, "fired"),
        (0.317, "clean"),
        (float("nan"), "undecided"),
    ],
)
def test_boundaries(value: float, expected: str) -> None:
    assert judge(action_effect_small, synthetic("a", action_influence_return=value)).status == expected


def test_without_the_probe_it_is_skipped() -> None:
    assert judge(action_effect_small, synthetic("a", v_loss=[1.0])).status == "skipped"
