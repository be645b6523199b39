from typing import Any

import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.critic.targets_hardly_vary import targets_hardly_vary
from ppo_doctor.run import Run, synthetic


def log(deviation: float, explained: float = 0.0, length: float = 20.0, pay: float = 1.0, **more: Any) -> Run:
    """Twelve updates whose value targets have `deviation`, of which the critic explains `explained`."""
    given: dict[str, Any] = {
        "v_loss": [0.5 * deviation**2 * (1.0 - explained)] * 12,
        "explained_variance": [explained] * 12,
        "mean_ep_return": [pay * length] * 12,
        "mean_ep_length": [length] * 12,
    }
    return synthetic("a", **(given | more))


@pytest.mark.parametrize(("deviation", "expected"), [(0.49, "fired"), (0.51, "clean"), (5.0, "clean")])
@pytest.mark.parametrize("explained", [-0.5, 0.0, 0.9])
@pytest.mark.parametrize("pay", [1.0, -1.0])
def test_boundaries_whatever_the_critic_explains(deviation: float, explained: float, pay: float, expected: str) -> None:
    assert judge(targets_hardly_vary, log(deviation, explained, pay=pay)).status == expected


def test_it_is_relative_to_the_pay() -> None:
    assert judge(targets_hardly_vary, log(40.0, pay=100.0)).status == "fired"


def test_short_episodes_hold_no_steps_to_look_ahead() -> None:
    assert judge(targets_hardly_vary, log(0.1, length=5.0)).status == "undecided"


@pytest.mark.parametrize("switch", ["normalize_targets", "normalize_reward"])
def test_other_units_are_not_compared(switch: str) -> None:
    assert judge(targets_hardly_vary, log(0.1, **{switch: 1.0})).status == "undecided"
    assert judge(targets_hardly_vary, log(0.1, **{switch: 0.0})).status == "fired"


def test_pay_that_grows_is_no_yardstick() -> None:
    grown = [20.0] * 6 + [400.0] * 6
    assert judge(targets_hardly_vary, log(0.1, mean_ep_return=grown)).status == "undecided"


@pytest.mark.parametrize(("deviation", "expected"), [(0.1, "fired"), (5.0, "undecided")])
def test_equal_targets_leave_the_explained_variance_undefined(deviation: float, expected: str) -> None:
    assert judge(targets_hardly_vary, log(deviation, explained_variance=[float("nan")] * 12)).status == expected
