import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.reward_turns import reward_turns
from ppo_doctor.run import synthetic


def status(top: list[float], bottom: list[float]) -> str:
    return judge(reward_turns, synthetic("a", reward_max=top, reward_min=bottom)).status


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_weight_that_is_annealed_through_zero_fires_in_either_direction(sign: float) -> None:
    factor = [1.0 - 2.0 * k / 31 for k in range(32)]
    one, other = [sign * f * 0.2 for f in factor], [sign * f * 3.0 for f in factor]
    top = [max(pair) for pair in zip(one, other, strict=True)]
    bottom = [min(pair) for pair in zip(one, other, strict=True)]
    assert status(top, bottom) == "fired"


@pytest.mark.parametrize(("both", "expected"), [(1, "fired"), (2, "clean")])
def test_a_rollout_with_both_signs_shows_a_policy_on_its_way(both: int, expected: str) -> None:
    assert status([-1.0] * 10 + [1.0] * 10, [-2.0] * 10 + [-1.0] * both + [0.0] * (10 - both)) == expected


def test_rewards_of_zero_have_no_sign_to_change() -> None:
    assert status([0.0] * 16, [0.0] * 8 + [-1.0] * 8) == "clean"


def test_too_short_is_undecided() -> None:
    assert status([-1.0] * 5 + [1.0] * 5, [-1.0] * 5 + [1.0] * 5) == "undecided"
