import numpy as np
import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.policy.noop_collapse import noop_collapse
from ppo_doctor.run import synthetic

LESS = [-20.0 - 2.0 * k for k in range(12)]


@pytest.mark.parametrize(("end", "expected"), [(0.2, "clean"), (0.3, "fired"), (0.9, "fired")])
def test_boundaries(end: float, expected: str) -> None:
    run = synthetic("a", avoidable_noop_frac=np.linspace(0.0, end, 12).tolist(), eval_mean_return=LESS)
    assert judge(noop_collapse, run).status == expected


def test_forced_no_ops_do_not_count() -> None:
    run = synthetic(
        "a", noop_frac=np.linspace(0, 1, 12).tolist(), avoidable_noop_frac=[0.1] * 12, eval_mean_return=LESS
    )
    assert judge(noop_collapse, run).status == "clean"


def test_the_greedy_policy_is_judged_where_it_is_recorded() -> None:
    rising = np.linspace(0, 0.9, 12).tolist()
    run = synthetic("a", avoidable_noop_frac=rising, eval_avoidable_noop_frac=[0.0] * 12, eval_mean_return=LESS)
    assert judge(noop_collapse, run).status == "clean"


def test_too_short_is_undecided() -> None:
    run = synthetic("a", avoidable_noop_frac=[0.1] * 7, eval_mean_return=LESS)
    assert judge(noop_collapse, run).status == "undecided"
