import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.target_kl_tight import target_kl_tight
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("target", "expected"), [(0.01, "clean"), (1e-3, "clean"), (9e-4, "fired")])
def test_the_boundary_is_below_what_anybody_sets(target: float, expected: str) -> None:
    assert judge(target_kl_tight, synthetic("a", target_kl=target)).status == expected


def test_no_target_is_nothing_to_judge() -> None:
    assert judge(target_kl_tight, synthetic("a", learning_rate=[1e-3] * 4)).status == "skipped"
