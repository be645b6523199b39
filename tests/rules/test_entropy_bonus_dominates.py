import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.optim.entropy_bonus_dominates import REMEDIES, entropy_bonus_dominates
from ppo_doctor.run import synthetic

FLAT = {"eval_mean_return": [10.0, 11.0, 9.0, 10.0] * 3, "ent_coef_start": 0.5}


@pytest.mark.parametrize(("bonus", "expected"), [(0.2, "clean"), (0.21, "fired")])
def test_boundaries(bonus: float, expected: str) -> None:
    run = synthetic("a", grad_norm_entropy=[bonus] * 12, grad_norm_policy=[0.1] * 12, **FLAT)
    assert judge(entropy_bonus_dominates, run).status == expected


def test_it_only_ever_lowers_the_bonus() -> None:
    assert all(float(one.change["ent_coef"].removeprefix("x")) < 1 for one in REMEDIES)
