import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.eval.rewarded_return_falls import rewarded_return_falls
from ppo_doctor.run import synthetic


def line(start: float, end: float) -> list[float]:
    return [start] * 3 + [start + (end - start) * k / 5 for k in range(1, 6)] + [end] * 4


@pytest.mark.parametrize(("end", "expected"), [(8.0, "fired"), (9.5, "clean"), (12.0, "clean")])
def test_a_fall_must_matter(end: float, expected: str) -> None:
    assert judge(rewarded_return_falls, synthetic("a", mean_ep_return=line(10.0, end))).status == expected


def test_a_cost_that_grows_is_a_fall() -> None:
    assert judge(rewarded_return_falls, synthetic("a", mean_ep_return=line(-10.0, -200.0))).status == "fired"


def test_a_rise_before_the_loss_is_another_rule() -> None:
    values = [10.0, 30.0, 60.0, 90.0, 90.0, 60.0, 30.0, 12.0, 11.0, 10.0, 10.0, 10.0]
    assert judge(rewarded_return_falls, synthetic("a", mean_ep_return=values)).status == "clean"


def test_too_few_points_are_undecided() -> None:
    assert judge(rewarded_return_falls, synthetic("a", mean_ep_return=[10.0] * 5 + [1.0] * 4)).status == "undecided"


def test_a_cost_that_scatters_more_as_it_grows_is_a_fall() -> None:
    values = [-100.0, -90.0, -110.0, -150.0, -200.0, -300.0, -500.0, -400.0, -900.0, -500.0, -1400.0, -700.0]
    assert judge(rewarded_return_falls, synthetic("a", mean_ep_return=values)).status == "fired"


def test_a_fall_in_the_first_updates_is_one() -> None:
    values = [-1.1, -1.2, -1.3, -2.0, -2.1] + [-2.1, -2.0, -2.2] * 4
    assert judge(rewarded_return_falls, synthetic("a", mean_ep_return=values)).status == "fired"


def test_a_small_rise_before_a_deep_fall_is_no_excuse() -> None:
    values = [20.0, 20.0, 20.1, 22.0, 22.0, 22.0, 15.0, 12.0, 10.0, 9.0, 9.0, 9.0, 9.0, 9.0]
    assert judge(rewarded_return_falls, synthetic("a", mean_ep_return=values)).status == "fired"
