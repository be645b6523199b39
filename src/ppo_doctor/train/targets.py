"""Advantages and value targets of one trajectory; callers `vmap` over environments.

One recursion serves all estimators. With delta_t = r_t + gamma (1 - terminated_t) V(s_{t+1}) - V(s_t),

    A_t = delta_t + gamma lambda (1 - terminated_t)(1 - truncated_t) A_{t+1}        (Schulman et al. 2016, eq. 16)

Termination cuts the bootstrap; termination or truncation cuts the trace; the end of a rollout bootstraps with the
value of the next state because A beyond the rollout is 0. Monte Carlo is lambda = 1, one-step is lambda = 0, and
A + V is the lambda-return, which is TD(lambda)'s target.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float

from ppo_doctor.train.config import Estimator


def trace_decay(estimator: Estimator, gae_lambda: float) -> float:
    """The lambda that makes the recursion this estimator."""
    return {"gae": gae_lambda, "td-lambda": gae_lambda, "monte-carlo": 1.0, "one-step": 0.0}[estimator]


def discounted_sum(x: Float[Array, " t"], decay: Float[Array, " t"]) -> Float[Array, " t"]:
    """y_t = x_t + decay_t y_{t+1}, with y = 0 beyond the end.

    A parallel scan of depth O(log t) on an accelerator; the plain recursion on a CPU, where it is four times faster.
    """
    return jax.lax.platform_dependent(x, decay, cpu=_recursion, default=_parallel)


def _recursion(x: Float[Array, " t"], decay: Float[Array, " t"]) -> Float[Array, " t"]:
    def step(later, now):
        y = now[0] + now[1] * later
        return y, y

    return jax.lax.scan(step, jnp.zeros((), x.dtype), (x, decay), reverse=True)[1]


def _parallel(x: Float[Array, " t"], decay: Float[Array, " t"]) -> Float[Array, " t"]:
    def combine(later, earlier):
        (decay_l, y_l), (decay_e, y_e) = later, earlier
        return decay_e * decay_l, y_e + decay_e * y_l

    return jax.lax.associative_scan(combine, (decay, x), reverse=True)[1]


def advantages(
    reward: Float[Array, " t"],
    value: Float[Array, " t"],
    next_value: Float[Array, " t"],
    terminated: Bool[Array, " t"],
    truncated: Bool[Array, " t"],
    *,
    gamma: float,
    decay: float,
) -> Float[Array, " t"]:
    """Advantages [reward units] of one trajectory of length t. `next_value`: V of the state reached, before a reset."""
    alive = 1.0 - terminated
    delta = reward + gamma * alive * next_value - value
    return discounted_sum(delta, gamma * decay * alive * (1.0 - truncated))


def discounted_past(reward: Float[Array, " t"], done: Bool[Array, " t"], start: Float[Array, ""], gamma: float):
    """R_t = gamma R_{t-1} (0 after an episode end) + r_t, from R_{-1} = `start`: its spread scales rewards.

    Returns (R [t], the R to start the next rollout with).
    """

    def step(past, x):
        r, d = x
        now = gamma * past + r
        return jnp.where(d, 0.0, now), now

    last, past = jax.lax.scan(step, start, (reward, done))
    return past, last
