import numpy as np
import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.eval.best_far_behind import best_far_behind
from ppo_doctor.run import synthetic


def past(end: float, after: int = 10) -> list[float]:
    return [0.0, 60.0, 100.0, 100.0, 100.0] + [end, end + 1, end - 1, end, end] * (after // 5)


@pytest.mark.parametrize(("end", "expected"), [(86.0, "clean"), (80.0, "fired"), (51.0, "fired"), (49.0, "clean")])
def test_boundaries_as_shares_of_the_gain(end: float, expected: str) -> None:
    assert judge(best_far_behind, synthetic("a", eval_mean_return=past(end))).status == expected


def test_a_recent_best_is_not_far_behind() -> None:
    assert (
        judge(best_far_behind, synthetic("a", eval_mean_return=[0.0, 20.0, 40.0, 60.0, 70.0, *past(80.0, 5)])).status
        == "clean"
    )


def test_a_noisy_plateau_is_no_loss() -> None:
    rng = np.random.default_rng(0)
    runs = (np.concatenate([[0.0, 50.0], rng.normal(100, 5, 28)]).tolist() for _ in range(200))
    assert sum(judge(best_far_behind, synthetic("a", eval_mean_return=run)).status == "fired" for run in runs) <= 4
