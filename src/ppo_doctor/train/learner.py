"""What a learner is: its state between updates, and the functions it is made of."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int, Key

from ppo_doctor.train import epochs, normalise, rollout, schedule, shuffle, targets
from ppo_doctor.train.config import Config
from ppo_doctor.train.evaluate import Agent
from ppo_doctor.train.loss import Knobs, Terms, policy_terms, standardised, value_errors
from ppo_doctor.train.normalise import Moments
from ppo_doctor.train.policy import ActorCritic
from ppo_doctor.train.rollout import Norms, Rollout, Worlds


class Controls(NamedTuple):
    """Counters and adaptive coefficients that outlive an update."""

    update: Int[Array, ""]
    gradient_steps: Int[Array, ""]
    kl_coef: Float[Array, ""]
    entropy_boost: Float[Array, ""]
    pulse_left: Int[Array, ""]
    refusals: Int[Array, ""]


class Learner(NamedTuple):
    """Where we are: everything an exact resume needs."""

    model: ActorCritic
    optimiser: Any
    norms: Norms
    worlds: Worlds
    key: Key[Array, ""]
    controls: Controls


def knobs(config: Config, controls: Controls) -> Knobs:
    """This update's coefficients."""
    progress = controls.update / config.n_updates
    temperature = schedule.at(config.temperature, progress)
    if config.pulse_temperature is not None:
        temperature = jnp.where(controls.pulse_left > 0, config.pulse_temperature, temperature)
    return Knobs(
        schedule.at(config.learning_rate, progress),
        schedule.at(config.clip_coef, progress),
        schedule.at(config.ent_coef, progress) * controls.entropy_boost,
        temperature,
        controls.kl_coef,
    )


def estimates(config: Config, seen: Rollout) -> tuple[Array, Array]:
    """(advantages, critic targets), both [t, rows]."""

    def estimate(name: Any) -> Array:
        fn = functools.partial(
            targets.advantages, gamma=config.gamma, decay=targets.trace_decay(name, config.gae_lambda)
        )
        columns = (seen.reward, seen.value, seen.next_value, seen.terminated, seen.truncated)
        return jax.vmap(fn, in_axes=1, out_axes=1)(*columns)

    advantage = estimate(config.policy_target)
    same = {config.policy_target, config.critic_target} in ({"gae", "td-lambda"}, {config.critic_target})
    return advantage, (advantage if same else estimate(config.critic_target)) + seen.value


def resumed(config: Config, learner: Learner) -> Learner:
    """The learner that an update goes on with: the one that the update before it left."""
    del config
    return learner


Row = dict[str, float]


def same_agent(agent: Agent) -> Agent:
    """The agent that is played is the one that was trained."""
    return agent


def latest(rows: Sequence[Row]) -> Row:
    """What is written down is what was measured."""
    return rows[-1]


@dataclass(frozen=True)
class Parts:
    """The pure functions a learner is made of, each replaceable: faults and other algorithms come from outside.

    Hashable, static under jit; the defaults trace to the same program as direct calls.
    """

    resume: Callable[[Config, Learner], Learner] = resumed
    """(config, learner) -> learner, at the start of an update."""
    knobs: Callable[[Config, Controls], Knobs] = knobs
    """(config, controls) -> this update's coefficients."""
    act: Callable[..., tuple[Array, Array, Array]] = rollout.act
    """(config, space, model, norms, view, noise, temperature) -> (action stored, action executed, log-probability)."""
    store: Callable[[Config, Rollout], Rollout] = rollout.stored
    """(config, rollout collected) -> rollout learned from."""
    estimate: Callable[[Config, Rollout], tuple[Array, Array]] = estimates
    """(config, rollout) -> (advantages, critic targets), both [t, rows]."""
    merge: Callable[..., Moments] = normalise.merge
    """(moments, rows, horizon) -> moments, of observations, rewards and targets."""
    standardise: Callable[[Array], Array] = standardised
    """Advantages of a minibatch [n] -> what the surrogate multiplies, [n]."""
    policy: Callable[..., tuple[Array, Array, Array, Array]] = policy_terms
    """(config, space, model, norms, batch, knobs) -> (surrogate, entropy, the bonus's entropy, log-ratio), each [n]."""
    value: Callable[..., tuple[Array, Array]] = value_errors
    """(config, model, norms, batch, knobs) -> (half squared errors trained on, unclipped), each [n]."""
    order: Callable[..., Array] = shuffle.permutation
    """(key, rows) -> order of an epoch's rows."""
    step: Callable[..., tuple[ActorCritic, Any]] = epochs.apply
    """(config, model, optimiser state, gradient, its norm, knobs) -> (model, optimiser state)."""
    evaluated: Callable[[Agent], Agent] = same_agent
    """Trained agent -> the agent that is played in evaluation."""
    report: Callable[[Sequence[Row]], Row] = latest
    """Signals of all updates so far, the latest last -> the row that is written down for the latest."""

    @property
    def terms(self) -> Terms:
        """The loss's share."""
        return Terms(self.policy, self.value, self.standardise)

    @property
    def steps(self) -> epochs.Steps:
        """The gradient steps' share."""
        return epochs.Steps(self.terms, self.order, self.step)


HEALTHY = Parts()
