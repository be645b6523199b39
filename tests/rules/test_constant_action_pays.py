import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.constant_action_pays import constant_action_pays
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("paid", "expected"), [(94.0, "clean"), (95.0, "fired"), (200.0, "fired")])
@pytest.mark.parametrize("shift", [0.0, -1000.0])
def test_boundaries(paid: float, expected: str, shift: float) -> None:
    run = synthetic("a", constant_action_return=paid + shift, best_baseline_return=100 + shift, random_return=shift)
    assert judge(constant_action_pays, run).status == expected


def test_without_a_baseline_above_random_play_it_is_undecided() -> None:
    run = synthetic("a", constant_action_return=5, best_baseline_return=1, random_return=2)
    assert judge(constant_action_pays, run).status == "undecided"
