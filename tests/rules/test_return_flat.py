import numpy as np
import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.eval.return_flat import return_flat
from ppo_doctor.run import Run, synthetic


def status(run: Run) -> str:
    return judge(return_flat, run).status


def test_a_running_average_that_drifts_is_no_proof_of_learning() -> None:
    drift = synthetic("drift", mean_ep_return=[20.0, 20.4, 20.9, 21.3, 21.8, 22.1, 22.5, 22.9, 23.1, 23.4])
    assert status(drift) == "undecided"


@pytest.mark.parametrize("seed", range(20))
def test_a_dead_run_with_a_running_average_is_never_clean(seed: int) -> None:
    returns = 20.0 + 10.0 * np.random.default_rng(seed).exponential(size=600)
    smooth = np.convolve(returns, np.ones(100) / 100, mode="valid")[::10]
    assert status(synthetic("dead", mean_ep_return=list(smooth))) in ("fired", "undecided")


def test_a_return_that_rose_and_fell_is_not_flat() -> None:
    lost = synthetic("lost", mean_ep_return=[10.0, 50.0, 90.0, 91.0, 90.0, 20.0, 21.0, 19.0, 20.0, 20.0, 21.0])
    assert status(lost) == "undecided"


def test_a_constant_return_is_solved_or_dead() -> None:
    assert status(synthetic("constant", mean_ep_return=[500.0] * 20)) == "undecided"
    assert status(synthetic("dead", mean_ep_return=[9.0] * 20, random_return=20)) == "fired"


def test_self_play_scatters_around_zero() -> None:
    assert status(synthetic("self-play", mean_ep_return=[0.1, -0.1, 0.05, -0.02, 0.03, -0.06])) == "undecided"


def test_little_of_the_budget_tells_nothing() -> None:
    assert status(synthetic("early", mean_ep_return=[20.0, 21.0] * 4, total_steps=100_000)) == "undecided"
    assert status(synthetic("late", mean_ep_return=[20.0, 21.0] * 4, total_steps=10_000)) == "fired"
