import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.action_saturated import action_saturated
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("value", "expected"), [(0.5, "clean"), (0.51, "fired"), (1.0, "fired"), (float("nan"), "undecided")]
)
def test_boundaries(value: float, expected: str) -> None:
    assert judge(action_saturated, synthetic("a", action_at_bound_frac=value)).status == expected


def test_without_the_probe_it_is_undecided_and_says_so() -> None:
    outcome = judge(action_saturated, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "undecided"
    assert "action_at_bound_frac" in outcome.reason


def test_a_choice_from_a_list_has_no_bounds() -> None:
    assert judge(action_saturated, synthetic("a", n_actions=4)).status == "clean"
