import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.policy.policy_still import policy_still
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("largest", "expected"), [(1e-5, "fired"), (1.01e-5, "clean"), (0.0, "fired")])
def test_boundaries(largest: float, expected: str) -> None:
    assert judge(policy_still, synthetic("a", approx_kl_mean=[0.0] * 7 + [largest])).status == expected


def test_too_few_updates_or_too_early_it_is_undecided() -> None:
    assert judge(policy_still, synthetic("a", approx_kl_mean=[0.0] * 7)).status == "undecided"
    assert judge(policy_still, synthetic("a", approx_kl_mean=[0.0] * 8, total_steps=1e6)).status == "undecided"


def test_one_early_update_that_moved_is_enough_to_be_clean() -> None:
    assert judge(policy_still, synthetic("a", approx_kl_mean=[0.01] + [0.0] * 30)).status == "clean"
