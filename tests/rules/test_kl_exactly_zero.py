import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.policy.kl_exactly_zero import kl_exactly_zero
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("kl", "expected"), [(0.0, "fired"), (-5e-16, "fired"), (1e-14, "clean"), (-1e-4, "clean")])
def test_boundaries(kl: float, expected: str) -> None:
    assert judge(kl_exactly_zero, synthetic("a", approx_kl_mean=[0.0] * 7 + [kl])).status == expected


def test_too_few_updates_are_undecided() -> None:
    assert judge(kl_exactly_zero, synthetic("a", approx_kl_last=[0.0] * 7)).status == "undecided"
