import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.policy.policy_churns import policy_churns
from ppo_doctor.run import synthetic

FLAT = [10.0, 11.0, 9.0, 10.0] * 3


@pytest.mark.parametrize(
    ("churn", "entropy", "expected"),
    [(0.3, 0.4, "clean"), (0.31, 0.4, "fired"), (0.9, 0.7, "clean"), (0.9, 0.69, "fired")],
)
def test_boundaries(churn: float, entropy: float, expected: str) -> None:
    run = synthetic("a", policy_churn=[churn] * 12, entropy_frac=[entropy] * 12, eval_mean_return=FLAT)
    assert judge(policy_churns, run).status == expected


def test_a_run_that_learns_may_churn() -> None:
    rising = [5.0 * k for k in range(12)]
    run = synthetic("a", policy_churn=[0.9] * 12, entropy_frac=[0.4] * 12, eval_mean_return=rising)
    assert judge(policy_churns, run).status == "clean"
