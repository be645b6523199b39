import numpy as np
import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.eval.return_lost import return_lost
from ppo_doctor.run import synthetic

UP = [10.0, 30.0, 60.0, 90.0, 110.0, 110.0, 110.0]


@pytest.mark.parametrize(("end", "expected"), [(60.0, "clean"), (59.0, "fired"), (10.0, "fired")])
@pytest.mark.parametrize("shift", [0.0, -1000.0])
def test_half_of_the_gain(end: float, expected: str, shift: float) -> None:
    values = [value + shift for value in UP + [end] * 8]
    assert judge(return_lost, synthetic("a", eval_mean_return=values)).status == expected


def test_noise_is_never_a_loss() -> None:
    rng = np.random.default_rng(0)
    fired = sum(
        judge(return_lost, synthetic("a", eval_mean_return=rng.normal(size=30).tolist())).status == "fired"
        for _ in range(200)
    )
    assert fired <= 4


def test_one_lucky_evaluation_is_no_gain_to_lose() -> None:
    assert (
        judge(return_lost, synthetic("a", eval_mean_return=[10.0, 11.0, 90.0] + [10.0, 11.0, 9.0] * 4)).status
        == "clean"
    )


def test_too_short_is_undecided() -> None:
    assert judge(return_lost, synthetic("a", eval_mean_return=UP)).status == "undecided"
