"""The policies that are known to be good are good, and no change of what is seen misleads them."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from ppo_doctor.train import baselines, envs, evaluate
from ppo_doctor.train.altered import Change, alter, looking
from ppo_doctor.train.envs import point_mass

SEEDS = np.arange(64)


def returns(system: str) -> np.ndarray:
    """Returns of the reference of a system."""
    env = envs.make(system)
    limit = getattr(env, "max_steps", envs.module(system).MAX_STEPS)
    return evaluate.run_episodes(env, baselines.reference(system, env), SEEDS, limit).returns


def test_the_feedback_balances_the_pole_to_the_end():
    assert (returns("cartpole") == 500.0).all()


def test_the_swing_up_needs_few_swings():
    found = returns("pendulum")  # Pendulum-v1 counts as solved from about -200 on; lying still earns -1,500
    assert found.mean() > -200.0
    assert found.min() > -500.0


def test_the_regulator_nearly_reaches_its_bound():
    found = returns("point_mass")
    # clipping costs it a little; the standard error of the mean is added three times
    assert found.mean() > 1.1 * point_mass.best_return() - 3 * found.std() / np.sqrt(len(found))


@pytest.mark.parametrize("system", ["probe_mask", "probe_continuous", "probe_state_action"])
def test_a_known_answer_earns_its_known_value(system: str):
    env, module = envs.make(system), envs.module(system)
    # rewards lie within 1 of each other, so that 64 episodes estimate their mean to three standard errors
    assert returns(system).mean() == pytest.approx(module.known(env, 0.9)["value"].mean(), abs=3 * 0.5 / 8)


@pytest.mark.parametrize("system", baselines.names())
def test_every_module_names_its_reference(system: str):
    assert baselines.module(system).REFERENCE in baselines.policies(system, envs.make(system))


@pytest.mark.parametrize("system", baselines.names())
def test_nothing_between_the_state_and_the_agent_misleads_a_reference(system: str):
    """With every observation blanked it earns to the bit what it earns without."""
    plain, blank = Change(), Change(see=lambda now, view: looking(view, jnp.zeros_like))
    worlds = [alter(change)(envs.make(system), 1.0) for change in (plain, blank)]
    seeing, blind = (evaluate.run_episodes(env, baselines.reference(system, env), SEEDS[:2], 64) for env in worlds)
    np.testing.assert_array_equal(seeing.returns, blind.returns)


def test_a_system_without_baselines_has_no_reference():
    assert baselines.reference("probe_value", envs.make("probe_value")) is None
