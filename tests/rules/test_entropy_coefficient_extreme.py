import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.entropy_coefficient_extreme import entropy_coefficient_extreme
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"ent_coef_start": 0.2}, "clean"),
        ({"ent_coef_start": 0.21}, "fired"),
        ({"ent_coef_start": 0.0, "ent_coef_end": 0.5}, "fired"),
        ({"ent_coef_start": float("nan")}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(entropy_coefficient_extreme, synthetic("a", **signals)).status == expected


@pytest.mark.parametrize(("level", "expected"), [(100.0, "fired"), (200.0, "clean")])
def test_at_the_best_baseline_it_does_no_harm(level: float, expected: str) -> None:
    run = synthetic("a", ent_coef_start=1.0, mean_ep_return=[level] * 8, random_return=20.0, best_baseline_return=200.0)
    assert judge(entropy_coefficient_extreme, run).status == expected
