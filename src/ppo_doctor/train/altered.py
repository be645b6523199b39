"""An environment with something changed on its way to or from the agent: what the faults of an environment are made of.

Changes are pure functions of the moment they happen in. They share one record of memory, so that environments that
differ only in their changes have the same shapes and can be branches of one compiled program.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int, Key, PyTree

from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv, Box, Discrete, Space, Step, View


class Memory(NamedTuple):
    """What is remembered within an episode.

    time: steps taken. first, last: the true first and latest view. shown: what the agent was shown last.
    owed: reward that was held back.
    """

    time: Int[Array, ""]
    first: View
    last: View
    shown: View
    owed: Float[Array, ""]


class Moment(NamedTuple):
    """Where a change happens: on which environment, how strongly, by which chance, after what."""

    env: AbstractEnv
    strength: Float[Array, ""]
    key: Key[Array, ""]
    memory: Memory


class Outcome(NamedTuple):
    """A step of the environment as it was: from `before`, by the executed `action`, to `state`, with `step`."""

    before: Any
    action: Array
    state: Any
    step: Step
    owed: Float[Array, ""]


def _same_noise(env: AbstractEnv, strength: Array, noise: PyTree[Array]) -> PyTree[Array]:
    del env, strength
    return noise


def _same_action(now: Moment, action: Array) -> Array:
    del now
    return action


def _same_outcome(now: Moment, outcome: Outcome) -> Outcome:
    del now
    return outcome


def _same_view(now: Moment, view: View) -> View:
    del now
    return view


class Change(NamedTuple):
    """What is changed, in the order in which it happens; each part does nothing by default.

    start: the noise that an episode begins with. act: the action that is executed. after: what came of it.
    see: the view that the agent gets, of a first state as well.
    """

    start: Callable[[AbstractEnv, Array, PyTree[Array]], PyTree[Array]] = _same_noise
    act: Callable[[Moment, Array], Array] = _same_action
    after: Callable[[Moment, Outcome], Outcome] = _same_outcome
    see: Callable[[Moment, View], View] = _same_view


class State(NamedTuple):
    """State of the environment inside, and the memory of the change."""

    inner: Any
    memory: Memory


class Altered(AbstractEnv):
    """`env` under `changes[which]`; one agent."""

    env: AbstractEnv
    strength: Float[Array, ""]
    which: Int[Array, ""]
    changes: tuple[Change, ...] = eqx.field(static=True)

    @property
    def space(self) -> Space:
        """That of the environment inside."""
        return self.env.space

    def draw(self, key: Key[Array, ""]) -> tuple[PyTree[Array], Key[Array, ""]]:
        """The noise of the environment inside, and a key for the change."""
        inner, own = jax.random.split(key)
        return self.env.draw(inner), own

    def reset(self, noise: tuple[PyTree[Array], Key[Array, ""]]) -> tuple[State, View]:
        """The first state inside, shown as the change shows it."""
        inner, key = noise
        inner = self._choose("start", self.env, self.strength, inner)
        state, view = self.env.reset(inner)
        memory = Memory(jnp.zeros((), jnp.int32), view, view, view, jnp.zeros(()))
        shown = self._choose("see", Moment(self.env, self.strength, key, memory), view)
        return State(state, memory._replace(shown=shown)), shown

    def step(self, noise: tuple[PyTree[Array], Key[Array, ""]], state: State, action: Array) -> tuple[State, Step]:
        """Act as the change acts, step inside, change what came of it and how it looks."""
        inner, key = noise
        now = Moment(self.env, self.strength, key, state.memory)
        executed = self._choose("act", now, action)
        outcome = Outcome(
            state.inner, executed, *self.env.step(inner, state.inner, executed), jnp.zeros_like(state.memory.owed)
        )
        outcome = self._choose("after", now, outcome)
        view = outcome.step.view
        memory = state.memory._replace(time=state.memory.time + 1, owed=outcome.owed)
        shown = self._choose("see", now._replace(memory=memory), view)
        memory = memory._replace(last=view, shown=shown)
        return State(outcome.state, memory), outcome.step._replace(view=shown)

    def _choose(self, part: str, *arguments: Any) -> Any:
        """The chosen change's part; changes with the same part share a branch."""
        every = [getattr(change, part) for change in self.changes]
        distinct = list(dict.fromkeys(every))
        if len(distinct) == 1:
            return distinct[0](*arguments)
        place = jnp.asarray([distinct.index(one) for one in every])[self.which]
        return jax.lax.switch(place, [_branch(one, arguments) for one in distinct])


class Beneath(eqx.Module):
    """A policy for the environment inside, played under the change: it sees the true state and the true view."""

    policy: Any

    def __call__(self, key: Key[Array, ""], state: State, view: View) -> Array:
        """The action that the policy would take without the change."""
        del view
        return self.policy(key, state.inner, state.memory.last)


def _branch(part: Callable[..., Any], arguments: tuple[Any, ...]) -> Callable[[], Any]:
    """`part` on `arguments`, its result of the argument's own types: branches must agree in them."""
    like = arguments[-1]
    return lambda: jax.tree.map(lambda x, y: _as(x, y), part(*arguments), like)


def _as(x: Any, like: Any) -> Any:
    return x if jnp.issubdtype(jnp.asarray(like).dtype, jax.dtypes.prng_key) else jnp.asarray(x, like.dtype)


def alter(change: Change) -> Callable[[AbstractEnv, float], Altered]:
    """A function of (environment, strength) that applies `change`."""

    def env(inner: AbstractEnv, strength: float) -> Altered:
        return Altered(inner, jnp.asarray(strength, jnp.float32), jnp.zeros((), jnp.int32), (change,))

    return env


def looking(view: View, change: Callable[[Array], Array]) -> View:
    """`view` with every array of the observation changed."""
    return view._replace(obs=jax.tree.map(change, view.obs))


def paying(step: Step, reward: Array) -> Step:
    """`step` with another reward; its terms keep their shares, or share alike where the reward was 0."""
    was = step.reward
    share = 1.0 / max(len(step.reward_terms), 1)
    ratio = reward / jnp.where(was == 0, 1.0, was)
    terms = {name: jnp.where(was == 0, reward * share, x * ratio) for name, x in step.reward_terms.items()}
    return step._replace(reward=reward, reward_terms=terms)


def step_shape(env: AbstractEnv) -> Step:
    """Shapes of what one step gives, without taking one."""

    def one(key: Array) -> Step:
        noise = env.draw(key)
        state, _ = env.reset(noise)
        return env.step(noise, state, any_action(env))[1]

    return jax.eval_shape(one, jax.random.key(0))


def any_action(env: AbstractEnv) -> Array:
    """Some action of the right shape."""
    space = env.space
    if isinstance(space, Discrete):
        return jnp.zeros((), jnp.int32)
    return jnp.zeros(len(space.low)) if isinstance(space, Box) else jnp.zeros(len(space.sizes), jnp.int32)


# --- what a change suits ---


def name(env: AbstractEnv) -> str:
    """Name of the environment's file."""
    return type(env).__module__.rpartition(".")[2]


def limit(env: AbstractEnv) -> int:
    """Most steps of an episode: the environment's own bound, or its module's."""
    return getattr(env, "max_steps", None) or sys.modules[type(env).__module__].MAX_STEPS


def one_agent(env: AbstractEnv, config: Config) -> bool:
    """Environments of one agent."""
    del config
    return env.num_agents == 1


def lasts(env: AbstractEnv, config: Config) -> bool:
    """Episodes of several steps."""
    return one_agent(env, config) and limit(env) > 2


def flat(env: AbstractEnv, config: Config) -> bool:
    """Observations that are one vector, read by a network without expectations of their order."""
    return one_agent(env, config) and config.network.kind == "mlp"


def masked(env: AbstractEnv, config: Config) -> bool:
    """One choice, and not everything is legal in every first state."""
    if not (one_agent(env, config) and isinstance(env.space, Discrete)):
        return False
    keys = jax.random.split(jax.random.key(0), 16)
    return not bool(jnp.all(jax.jit(jax.vmap(lambda key: env.reset(env.draw(key))[1].mask))(keys)))


def is_cut(env: AbstractEnv, config: Config) -> bool:
    """Environments with a time limit that good play reaches."""
    return one_agent(env, config) and env.time_limited
