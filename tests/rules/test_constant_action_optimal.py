import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.constant_action_optimal import constant_action_optimal
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("value", "expected"), [(0.1, "fired"), (0.3, "clean"), (float("nan"), "undecided")])
def test_boundaries(value: float, expected: str) -> None:
    assert (
        judge(constant_action_optimal, synthetic("a", posterior_reached=value, break_even_posterior=0.3)).status
        == expected
    )


def test_without_the_probe_it_is_skipped_and_names_the_signal() -> None:
    outcome = judge(constant_action_optimal, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "posterior_reached" in outcome.reason
