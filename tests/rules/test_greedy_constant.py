import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.policy.greedy_constant import greedy_constant
from ppo_doctor.run import synthetic

FLAT = [10.0, 11.0, 9.0, 10.0] * 3


@pytest.mark.parametrize(
    ("greedy", "sampled", "expected"),
    [(0.99, 0.3, "clean"), (1.0, 0.3, "fired"), (1.0, 0.79, "fired"), (1.0, 0.8, "clean")],
)
def test_boundaries(greedy: float, sampled: float, expected: str) -> None:
    shares = {"action_share_greedy_max": [greedy] * 12, "action_share_sampled_max": [sampled] * 12}
    assert judge(greedy_constant, synthetic("a", eval_mean_return=FLAT, **shares)).status == expected


def test_equal_shares_of_sampled_actions_alone_are_no_fault() -> None:
    shares = {"action_share_greedy_max": [0.26] * 12, "action_share_sampled_max": [0.25] * 12}
    assert judge(greedy_constant, synthetic("a", eval_mean_return=FLAT, **shares)).status == "clean"


def test_without_returns_it_is_undecided() -> None:
    shares = {"action_share_greedy_max": [1.0] * 12, "action_share_sampled_max": [0.25] * 12}
    assert judge(greedy_constant, synthetic("a", **shares)).status == "undecided"
