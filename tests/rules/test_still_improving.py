import numpy as np
import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.eval.still_improving import still_improving
from ppo_doctor.run import synthetic

RISING = [10.0 + 5.0 * k for k in range(16)]


@pytest.mark.parametrize(("total", "expected"), [(16_000, "fired"), (17_000, "undecided"), (160_000, "undecided")])
def test_a_run_that_is_not_over_is_not_judged(total: int, expected: str) -> None:
    assert judge(still_improving, synthetic("a", eval_mean_return=RISING, total_steps=total)).status == expected


def test_a_creeping_end_is_a_plateau() -> None:
    creeping = [10.0, 60.0, 90.0, *np.linspace(100, 103, 13).tolist()]
    assert judge(still_improving, synthetic("a", eval_mean_return=creeping)).status == "clean"


def test_noise_does_not_improve() -> None:
    rng = np.random.default_rng(0)
    runs = (rng.normal(size=20).tolist() for _ in range(200))
    assert sum(judge(still_improving, synthetic("a", eval_mean_return=run)).status == "fired" for run in runs) <= 14


def test_a_return_that_recovers_below_its_start_is_undecided() -> None:
    values = [0.0, -0.1, 0.1] + [-50.0 + 2.0 * k for k in range(16)]
    assert judge(still_improving, synthetic("a", eval_mean_return=values)).status == "undecided"
