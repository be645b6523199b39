import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.discount_unbounded import discount_unbounded
from ppo_doctor.run import Run, synthetic


def run(gamma: float, ended: float = 0.0, **more: object) -> Run:
    cut = {"terminated_frac": [0.0] * 11 + [ended], "mean_ep_length": [100.0] * 12}
    return synthetic("a", gamma=gamma, **(cut | {"eval_mean_return": [-200.0] * 12} | more))


@pytest.mark.parametrize(("gamma", "expected"), [(0.99, "clean"), (0.9985, "clean"), (0.9995, "fired"), (1.0, "fired")])
def test_the_horizon_is_measured_in_episodes(gamma: float, expected: str) -> None:
    assert judge(discount_unbounded, run(gamma)).status == expected


def test_one_terminal_step_gives_values_an_anchor() -> None:
    assert judge(discount_unbounded, run(1.0, ended=0.001)).status == "clean"


def test_on_a_run_that_learns_it_does_no_harm() -> None:
    rising = [20.0, 100.0, 300.0] + [500.0] * 9
    assert judge(discount_unbounded, run(1.0, eval_mean_return=rising)).status == "clean"


def test_it_names_the_cause() -> None:
    from ppo_doctor.diagnose.differential import examine

    blamed = [one.cause.id for one in examine(run(1.0)).causes if one.cause.family == "config"]
    assert blamed[0] == "discount-too-high"
