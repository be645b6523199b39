import numpy as np
import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.eval.worse_than_first import worse_than_first
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("random", "best", "expected"), [(0, 100, "fired"), (0, 1000, "clean"), (0, 12, "clean")])
def test_the_loss_must_matter_and_the_run_must_not_be_at_par(random: float, best: float, expected: str) -> None:
    values = [22.0 - 0.7 * k for k in range(14)]
    run = synthetic("a", eval_sampled_mean_return=values, random_return=random, best_baseline_return=best)
    assert judge(worse_than_first, run).status == expected


def test_a_lucky_greedy_start_does_not_count_where_the_sampled_return_is_known() -> None:
    run = synthetic("a", eval_mean_return=[90.0 - k for k in range(20)], eval_sampled_mean_return=[20.0, 21.0] * 10)
    assert judge(worse_than_first, run).status == "clean"


def test_noise_is_rarely_called_a_fall() -> None:
    rng = np.random.default_rng(0)
    runs = (rng.normal(size=30).tolist() for _ in range(200))
    assert sum(judge(worse_than_first, synthetic("a", mean_ep_return=run)).status == "fired" for run in runs) <= 2


def test_too_short_is_undecided() -> None:
    assert judge(worse_than_first, synthetic("a", mean_ep_return=[9.0 - k for k in range(9)])).status == "undecided"
