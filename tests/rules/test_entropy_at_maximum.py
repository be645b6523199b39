import re

import numpy as np
import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.policy.entropy_at_maximum import REMEDIES, entropy_at_maximum
from ppo_doctor.run import synthetic

FLAT = [10.0, 11.0, 9.0, 10.0] * 5


@pytest.mark.parametrize(("level", "expected"), [(0.95, "clean"), (0.951, "fired"), (1.0, "fired")])
def test_boundaries(level: float, expected: str) -> None:
    assert (
        judge(entropy_at_maximum, synthetic("a", entropy_frac=[level] * 20, eval_sampled_mean_return=FLAT)).status
        == expected
    )


def test_early_in_training_every_policy_is_uniform() -> None:
    for run in (
        synthetic("a", entropy_frac=[1.0] * 7, eval_sampled_mean_return=FLAT),
        synthetic("a", entropy_frac=[1.0] * 20, eval_sampled_mean_return=FLAT, total_steps=70_000),
    ):
        assert judge(entropy_at_maximum, run).status == "undecided"
    on_time = synthetic("a", entropy_frac=[1.0] * 20, eval_sampled_mean_return=FLAT, total_steps=60_000)
    assert judge(entropy_at_maximum, on_time).status == "fired"


def test_it_never_recommends_more_entropy() -> None:
    for remedy in REMEDIES:
        change = remedy.change.get("ent_coef", "x0")
        assert float(change.removeprefix("x")) < 1
        assert "entropy_floor" not in remedy.change
        assert not re.search(r"(raise|increase|more|higher|hold).*entropy", remedy.do, re.IGNORECASE)


@pytest.mark.parametrize("shift", [0.0, -500.0])
def test_learning_while_exploring_is_clean(shift: float) -> None:
    rising = (np.linspace(10, 40, 20) + shift).tolist()
    assert (
        judge(entropy_at_maximum, synthetic("a", entropy_frac=[0.97] * 20, eval_sampled_mean_return=rising)).status
        == "clean"
    )


def test_above_random_play_is_learning_although_the_curve_is_flat() -> None:
    run = synthetic("a", entropy_frac=[0.97] * 20, eval_sampled_mean_return=FLAT, random_return=1)
    assert judge(entropy_at_maximum, run).status == "clean"


def test_nothing_to_learn_is_clean() -> None:
    run = synthetic(
        "a", entropy_frac=[1.0] * 20, eval_sampled_mean_return=FLAT, random_return=1, best_baseline_return=10
    )
    assert judge(entropy_at_maximum, run).status == "clean"


def test_without_returns_it_is_undecided() -> None:
    assert judge(entropy_at_maximum, synthetic("a", entropy_frac=[1.0] * 20)).status == "undecided"


def test_a_worsening_return_fires() -> None:
    run = synthetic("a", entropy_frac=[1.0] * 20, eval_sampled_mean_return=np.linspace(10, 0, 20).tolist())
    assert judge(entropy_at_maximum, run).status == "fired"


def test_a_greedy_return_above_random_play_is_no_sign_of_learning() -> None:
    initial = {"eval_mean_return": [90.0] * 20, "random_return": 10}
    run = synthetic("a", entropy_frac=[1.0] * 20, eval_sampled_mean_return=FLAT, **initial)
    assert judge(entropy_at_maximum, run).status == "fired"
    greedy_only = synthetic("a", entropy_frac=[1.0] * 20, **initial)
    assert judge(entropy_at_maximum, greedy_only).status == "undecided"
