"""Every environment in the registry obeys every law; the laws themselves catch what they are for."""

import inspect
from functools import cache

import equinox as eqx
import jax
import jax.numpy as jnp
import pytest

from ppo_doctor.testing import envs as suite
from ppo_doctor.train import envs
from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv, Discrete, Step, View


@cache
def subject(name):
    return suite.Subject(envs.make(name), envs.module(name).MAX_STEPS)


@pytest.mark.parametrize("name", envs.names())
@pytest.mark.parametrize("law", suite.LAWS, ids=lambda law: law.__name__)
def test_law(law, name):
    law(subject(name))


@pytest.mark.parametrize("name", envs.names())
def test_module_convention(name):
    """A default configuration, a bound, three splits, and a manual page."""
    module = envs.module(name)
    assert isinstance(module.CONFIGS["default"], Config)
    assert module.MAX_STEPS >= 1
    assert module.__doc__
    for split in ("train", "validation", "report"):
        env = envs.make(name, split=split)
        assert isinstance(env, AbstractEnv)
        assert type(env).__doc__
    assert hash(jax.tree.structure(env)) is not None


LIMITED = [name for name in envs.names() if "max_steps" in inspect.signature(envs.module(name).make).parameters]


@pytest.mark.parametrize("name", LIMITED)
def test_a_time_limit_that_is_asked_for_is_the_environments_and_declared(name):
    """With a limit this short play is cut, which the law of declared limits sees."""
    short = suite.Subject(envs.make(name, max_steps=7), 7)
    assert short.env.max_steps == 7
    assert short.play[2].truncated.any()
    suite.only_a_declared_time_limit_cuts(short)


@pytest.mark.parametrize("name", envs.names())
def test_configurations_are_consistent(name):
    """A minibatch divides the rollout."""
    for config in envs.module(name).CONFIGS.values():
        assert (config.rollout_rows * envs.make(name).num_agents) % config.batch_size == 0


def test_unknown_environment_names_the_known():
    with pytest.raises(KeyError, match="cartpole"):
        envs.make("carpole")


class Faulty(AbstractEnv):
    """Obeys every law; `fault` breaks one."""

    fault: str = eqx.field(static=True, default="")
    scale: float = eqx.field(default_factory=lambda: jnp.ones(()))

    @property
    def space(self):
        return Discrete(2)

    def draw(self, key):
        return jax.random.uniform(key)

    def reset(self, noise):
        return jnp.int32(0), self._view(jnp.int32(0))

    def _view(self, time):
        return View(time[None].astype(jnp.float32), jnp.full(2, self.fault != "mask"))

    def step(self, noise, state, action):
        after = state + 1
        over = after >= (9 if self.fault == "endless" else 3)
        reward = jnp.float32(jnp.nan if self.fault == "nan" else 1.0) * self.scale
        view = self._view(after)
        if self.fault == "carry":
            view = View(view.obs.astype(jnp.int32), view.mask)
        metrics = {"invalid": jnp.float32(self.fault == "invalid"), "noop": jnp.float32(2.0 * (self.fault == "flag"))}
        terms = {"one": reward, "two": jnp.float32(self.fault == "terms")}
        cut = over if self.fault in ("both", "cut") else jnp.zeros((), bool)
        ends = (over & (self.fault != "cut"), cut)
        return after, Step(view, reward[None] if self.fault == "shape" else reward, *ends, metrics, terms)


FAULTS = {
    "carry": suite.shapes_and_types_are_stable,
    "shape": suite.the_view_fits_the_spaces,
    "mask": suite.something_is_always_legal,
    "invalid": suite.something_is_always_legal,
    "nan": suite.numbers_are_finite,
    "flag": suite.numbers_are_finite,
    "terms": suite.the_reward_is_the_sum_of_its_terms,
    "both": suite.an_end_is_of_one_kind,
    "cut": suite.only_a_declared_time_limit_cuts,
    "endless": suite.episodes_end_in_time,
}


@pytest.mark.parametrize("law", suite.LAWS, ids=lambda law: law.__name__)
def test_a_sound_environment_passes(law):
    law(suite.Subject(Faulty(), 3))


@pytest.mark.parametrize("fault", FAULTS)
def test_the_law_catches_the_fault(fault):
    with pytest.raises((AssertionError, TypeError)):
        FAULTS[fault](suite.Subject(Faulty(fault), 3))


def test_loose_float_parameters_are_caught():
    with pytest.raises(AssertionError, match="float parameters"):
        suite.new_parameters_need_no_new_program(suite.Subject(Faulty(scale=2.0), 3))
