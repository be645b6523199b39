import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.entropy_coefficient_high import REMEDIES, entropy_coefficient_high
from ppo_doctor.run import synthetic

FLAT = {"eval_sampled_mean_return": [10.0, 11.0, 9.0, 10.0] * 3}


@pytest.mark.parametrize(
    ("coefficient", "entropy", "expected"),
    [(0.049, 0.99, "clean"), (0.05, 0.99, "fired"), (0.5, 0.9, "clean"), (0.5, 0.91, "fired")],
)
def test_boundaries(coefficient: float, entropy: float, expected: str) -> None:
    run = synthetic("a", ent_coef_start=coefficient, entropy_frac=[entropy] * 12, **FLAT)
    assert judge(entropy_coefficient_high, run).status == expected


def test_a_gaussian_has_no_maximum() -> None:
    run = synthetic("a", ent_coef_start=0.5, entropy=[-3.0] * 12, **FLAT)
    assert judge(entropy_coefficient_high, run).status == "undecided"


def test_it_never_recommends_more_entropy() -> None:
    assert all(float(one.change["ent_coef"].removeprefix("x")) < 1 for one in REMEDIES)
