"""AC-03: "the critic's target is circular" is refused; a discounted bandit is named.

The written report blames `return = advantage + value`, and replaces it by Monte Carlo. Its own premise, every sample
terminal, makes both the same number.
"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from ppo_doctor.diagnose.differential import examine
from ppo_doctor.run import synthetic
from ppo_doctor.train import targets
from ppo_doctor.train.config import Estimator

GAMMA, LAMBDA = 0.99, 0.95
ESTIMATORS: tuple[Estimator, ...] = ("gae", "td-lambda", "monte-carlo", "one-step")


def critic_target(estimator: Estimator, reward, value, next_value, terminated, gamma=GAMMA, decay=LAMBDA) -> np.ndarray:
    no = jnp.zeros(len(reward), bool)
    columns = [jnp.asarray(x, jnp.float32) for x in (reward, value, next_value)]
    ends = jnp.asarray(terminated)
    advantage = targets.advantages(*columns, ends, no, gamma=gamma, decay=targets.trace_decay(estimator, decay))
    return np.asarray(advantage) + np.asarray(value)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_every_estimator_is_the_reward_where_every_sample_is_terminal(estimator: Estimator) -> None:
    rng = np.random.default_rng(0)
    reward, value, later = rng.normal(size=(3, 200))
    found = critic_target(estimator, reward, value, later, np.ones(200, bool))
    np.testing.assert_allclose(found, reward, atol=1e-5)


def explained(target: np.ndarray, prediction: np.ndarray) -> float:
    """Explained variance of the best affine function of `prediction`."""
    return float(np.corrcoef(target, prediction)[0, 1] ** 2)


def test_monte_carlo_makes_the_critics_task_harder_and_no_discount_makes_it_easy() -> None:
    """Rewards that the state decides, of states that follow each other by chance: EV <= 1 - (gamma lambda)^2."""
    reward = np.random.default_rng(0).normal(size=20_000)
    flat, alive = np.zeros(len(reward)), np.zeros(len(reward), bool)
    ceiling = {
        "monte-carlo": explained(critic_target("monte-carlo", reward, flat, flat, alive), reward),
        "gae": explained(critic_target("gae", reward, flat, flat, alive), reward),
        "no discount": explained(critic_target("gae", reward, flat, flat, alive, gamma=0.0), reward),
    }
    assert ceiling["monte-carlo"] == pytest.approx(1 - GAMMA**2, abs=0.01)  # 20,000 draws, 200 of them independent
    assert ceiling["gae"] == pytest.approx(1 - (GAMMA * LAMBDA) ** 2, abs=0.03)
    assert ceiling["gae"] > 4 * ceiling["monte-carlo"]
    assert ceiling["no discount"] == pytest.approx(1.0)


def the_case(**measured):
    """The run of the study: standardised returns, a value loss of one, rewards that go up and down."""
    rng = np.random.default_rng(1)
    return synthetic(
        "threat triage",
        mean_ep_return=rng.normal(-1640, 90, 30).tolist(),
        v_loss=(0.5 * (1 + rng.normal(0, 3e-4, 30))).tolist(),
        explained_variance=rng.normal(0, 5e-4, 30).tolist(),
        return_std=[1.0] * 30,
        return_mean=[0.0] * 30,
        gamma=GAMMA,
        gae_lambda=LAMBDA,
        **measured,
    )


def test_the_doctor_names_the_bandit_and_its_discount() -> None:
    report = examine(the_case(action_influence_state=0.0, action_influence_reward=0.9))
    (bandit,) = [found for found in report.findings if found.rule == "discount-on-bandit"]
    assert bandit.remedies[0].change == {"gamma": "0"}
    assert "return-flat" in {found.rule for found in report.findings}


def test_the_doctor_never_blames_the_lambda_return() -> None:
    for measured in ({}, {"action_influence_state": 0.0, "action_influence_reward": 0.9}):
        report = examine(the_case(**measured))
        advice = [remedy for found in report.findings for remedy in found.remedies]
        advice += [remedy for suspect in report.causes for remedy in suspect.cause.remedies]
        assert not any("critic_target" in remedy.change for remedy in advice)
        assert not any("circular" in f"{remedy.do} {remedy.because}".lower() for remedy in advice)


def test_samples_that_are_all_terminal_are_named_as_such() -> None:
    """What the report assumed, had it been so."""
    report = examine(the_case(mean_segment_length=[1.0] * 30))
    assert "every-step-terminal" in {found.rule for found in report.findings}
