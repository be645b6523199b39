import numpy as np
import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.eval.worst_block_falls import worst_block_falls
from ppo_doctor.run import synthetic

UP = [50.0 + 3.0 * k for k in range(16)]


@pytest.mark.parametrize(("best", "expected"), [(100.0, "fired"), (1000.0, "clean")])
def test_the_fall_must_matter(best: float, expected: str) -> None:
    worst = [30.0 - 2.0 * k for k in range(16)]
    run = synthetic("a", eval_mean_return=UP, eval_min_block_return=worst, random_return=0, best_baseline_return=best)
    assert judge(worst_block_falls, run).status == expected


def test_a_run_that_gets_worse_everywhere_does_not_specialise() -> None:
    down = [30.0 - 2.0 * k for k in range(16)]
    assert judge(worst_block_falls, synthetic("a", eval_mean_return=down, eval_min_block_return=down)).status == "clean"


def test_a_noisy_minimum_is_rarely_called_a_fall() -> None:
    rng = np.random.default_rng(0)
    runs = (rng.normal(0, 5, 16).tolist() for _ in range(200))
    fired = (
        judge(worst_block_falls, synthetic("a", eval_mean_return=UP, eval_min_block_return=run)).status for run in runs
    )
    assert sum(status == "fired" for status in fired) <= 6
