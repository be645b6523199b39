import numpy as np
import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.critic.explained_variance_low import explained_variance_low
from ppo_doctor.run import synthetic

N = 20


def status(ev: list[float], std: float = 3.0, mean: float = 10.0) -> str:
    run = synthetic("a", explained_variance=ev, return_std=[std] * len(ev), return_mean=[mean] * len(ev))
    return judge(explained_variance_low, run).status


@pytest.mark.parametrize(("level", "expected"), [(0.02, "fired"), (0.021, "clean"), (0.0, "fired"), (-5.0, "fired")])
def test_boundaries(level: float, expected: str) -> None:
    assert status([level] * N) == expected


def test_the_first_updates_are_not_judged() -> None:
    assert status([-5.0] * 12) == "undecided"
    assert status([-5.0] * 5 + [0.5] * 8) == "clean"
    assert status([-5.0] * 13) == "fired"


def test_a_critic_that_recovers_is_clean_and_one_that_breaks_is_not() -> None:
    rising = np.linspace(-5.0, 0.9, N).tolist()
    assert status(rising) == "clean"
    assert status(rising[::-1]) == "fired"


@pytest.mark.parametrize("mean", [100.0, -100.0])
def test_constant_returns_need_no_explaining(mean: float) -> None:
    assert status([-9.0] * N, std=1.0, mean=mean) == "clean"  # exactly one hundredth: constant
    assert status([-9.0] * N, std=1.01, mean=mean) == "fired"


def test_returns_around_zero_are_not_constant_by_that_alone() -> None:
    assert status([-0.5] * N, std=1.0, mean=0.0) == "fired"


def test_undefined_values_are_left_out() -> None:
    assert status([float("nan"), -np.inf] * 4 + [0.6] * 14) == "clean"
    assert status([float("nan")] * N) == "undecided"


def test_without_the_returns_a_low_value_is_undecided_and_a_good_one_clean() -> None:
    assert judge(explained_variance_low, synthetic("a", explained_variance=[-1.0] * N)).status == "undecided"
    assert judge(explained_variance_low, synthetic("a", explained_variance=[0.7] * N)).status == "clean"
