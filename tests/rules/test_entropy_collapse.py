import numpy as np
import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.policy.entropy_collapse import entropy_collapse
from ppo_doctor.run import synthetic

LOW = [0.8, 0.3] + [0.01] * 14
FLAT = [10.0, 11.0, 9.0, 10.0] * 4
ROSE = [10.0, 20.0, 40.0] + [50.0, 51.0, 49.0, 50.0] * 3 + [50.0]


@pytest.mark.parametrize(("level", "expected"), [(0.05, "clean"), (0.049, "fired"), (0.0, "fired")])
def test_boundaries(level: float, expected: str) -> None:
    assert judge(entropy_collapse, synthetic("a", entropy_frac=[level] * 16, eval_mean_return=FLAT)).status == expected


def test_too_short_to_judge() -> None:
    assert judge(entropy_collapse, synthetic("a", entropy_frac=[0.01] * 5, eval_mean_return=FLAT)).status == "undecided"


def test_low_entropy_of_a_good_policy_is_no_fault() -> None:
    solved = synthetic("a", entropy_frac=LOW, eval_mean_return=ROSE, random_return=10, best_baseline_return=52)
    assert judge(entropy_collapse, solved).status == "clean"


def test_low_entropy_far_below_the_baseline_is() -> None:
    stuck = synthetic("a", entropy_frac=LOW, eval_mean_return=ROSE, random_return=10, best_baseline_return=100)
    assert judge(entropy_collapse, stuck).status == "fired"


def test_still_rising_is_clean() -> None:
    rising = np.linspace(10, 40, 16).tolist()
    run = synthetic("a", entropy_frac=LOW, eval_mean_return=rising, random_return=10, best_baseline_return=100)
    assert judge(entropy_collapse, run).status == "clean"


def test_what_cannot_be_told_is_undecided() -> None:
    assert judge(entropy_collapse, synthetic("a", entropy_frac=LOW, eval_mean_return=ROSE)).status == "undecided"
    assert judge(entropy_collapse, synthetic("a", entropy_frac=LOW)).status == "undecided"


def test_training_returns_stand_in_for_evaluation_and_gaps_are_left_out() -> None:
    gaps = [float("nan") if k % 3 == 0 else value for k, value in enumerate(FLAT)]
    assert judge(entropy_collapse, synthetic("a", entropy_frac=LOW, mean_ep_return=gaps)).status == "fired"
    never = synthetic("a", entropy_frac=LOW, mean_ep_return=[float("nan")] * 16)
    assert judge(entropy_collapse, never).status == "undecided"


def test_negative_returns_work_alike() -> None:
    rose = [value - 1000.0 for value in ROSE]
    solved = synthetic("a", entropy_frac=LOW, eval_mean_return=rose, random_return=-990, best_baseline_return=-948)
    assert judge(entropy_collapse, solved).status == "clean"


def test_learnt_and_lost_fires_without_any_baseline() -> None:
    lost = [10.0, 50.0, 90.0, 91.0, 90.0, 92.0] + [10.0, 11.0, 9.0, 10.0, 11.0] * 2
    assert judge(entropy_collapse, synthetic("a", entropy_frac=LOW, eval_mean_return=lost)).status == "fired"
