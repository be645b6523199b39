import math

import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.policy.policy_ignores_state import policy_ignores_state
from ppo_doctor.run import synthetic

FLAT = [10.0, 11.0, 9.0, 10.0] * 3


@pytest.mark.parametrize(("share", "expected"), [(0.0051, "clean"), (0.0049, "fired")])
@pytest.mark.parametrize("n", [2, 4, 500])
def test_boundaries_are_a_share_of_what_is_possible(n: int, share: float, expected: str) -> None:
    run = synthetic("a", mutual_information=[share * math.log(n)] * 12, n_actions=n, eval_mean_return=FLAT)
    assert judge(policy_ignores_state, run).status == expected


def test_early_and_without_returns_it_is_undecided() -> None:
    for run in (
        synthetic("a", mutual_information=[0.0] * 5, eval_mean_return=FLAT),
        synthetic("a", mutual_information=[0.0] * 12, eval_mean_return=FLAT, total_steps=1e6),
        synthetic("a", mutual_information=[0.0] * 12),
    ):
        assert judge(policy_ignores_state, run).status == "undecided"
