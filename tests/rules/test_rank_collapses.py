import numpy as np
import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.network.rank_collapses import rank_collapses
from ppo_doctor.run import synthetic

FLAT = [10.0, 11.0, 9.0, 10.0] * 4


@pytest.mark.parametrize(("start", "end", "expected"), [(8.0, 1.2, "fired"), (8.0, 1.7, "clean"), (1.6, 1.0, "clean")])
def test_boundaries(start: float, end: float, expected: str) -> None:
    ranks = [*np.linspace(start, end, 12).tolist(), end, end - 1e-3, end - 2e-3, end - 3e-3]
    run = synthetic("a", effective_rank=ranks, eval_mean_return=FLAT)
    assert judge(rank_collapses, run).status == expected


@pytest.mark.parametrize(("end", "expected"), [(0.0, "fired"), (1.0, "undecided")])
def test_below_one_no_return_is_needed(end: float, expected: str) -> None:
    run = synthetic("a", effective_rank=[6.0, 5.0, 4.0, 3.0, 2.0] + [end] * 8)
    assert judge(rank_collapses, run).status == expected


def test_features_that_never_varied_have_not_collapsed() -> None:
    run = synthetic("a", effective_rank=[0.0] * 12, eval_mean_return=FLAT[:12])
    assert judge(rank_collapses, run).status == "clean"
