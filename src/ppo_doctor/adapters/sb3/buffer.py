"""Checks and statistics of a full rollout buffer, NumPy only. Arrays are [steps, n_envs, ...] as SB3 keeps them."""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium import spaces

from ppo_doctor.adapters.sb3.trace import Trace, stride
from ppo_doctor.audit import recomputed

Signals = dict[str, float]
LEAST_SPREAD = 5e-3
"""Spread of advantages, relative to the values they are made of, below which float error is a share of it."""


def invariants(model: Any, trace: Trace, last_value: np.ndarray) -> Signals:
    """Whether the buffer holds what went in; `last_value` [n_envs]: the critic on the observation after the last."""
    stored = model.rollout_buffer
    arrays = (stored.rewards, stored.values, stored.episode_starts, last_value, model._last_episode_starts)
    squashed = bool(getattr(model.policy, "squash_output", False))
    return {
        "gae_error": gae_error(stored.advantages, advantages(*arrays, model.gamma, model.gae_lambda), stored.values),
        "discount_in_use": recomputed.discount(_facts(*arrays), stored.advantages),
        "stored_action_error": stored_action_error(stored.actions, trace.executed, model.action_space, squashed),
        "reward_misaligned_frac": reward_misaligned_frac(stored.rewards, trace.rewards, trace.cut),
        "obs_aliased_frac": obs_aliased_frac(stored.observations, trace.obs[:-1]),
        "done_mismatch": done_mismatch(trace),
    }


def advantages(
    rewards: np.ndarray,
    values: np.ndarray,
    starts: np.ndarray,
    last_value: np.ndarray,
    last_done: np.ndarray,
    gamma: float,
    gae_lambda: float,
) -> np.ndarray:
    """[steps, n_envs] generalised advantage estimates in float64, from the definition (Schulman et al. 2016, eq. 16).

    `starts[t]` is 1 where step t begins an episode, `last_value` and `last_done` [n_envs] belong to the step after.
    """
    going = 1.0 - np.concatenate([starts[1:], last_done[None]]).astype(np.float64)
    after = np.concatenate([values[1:], last_value[None]]).astype(np.float64)
    delta = rewards + gamma * after * going - values
    carry = gamma * gae_lambda * going
    columns = [_discounted(delta[:, i].tolist(), carry[:, i].tolist()) for i in range(delta.shape[1])]
    return np.array(columns).T


def _facts(
    rewards: np.ndarray, values: np.ndarray, starts: np.ndarray, last_value: np.ndarray, last_done: np.ndarray
) -> recomputed.Facts:
    """The same arrays, in float64, by their other names; SB3's rewards already hold what follows a time limit."""
    following = np.concatenate([values[1:], last_value[None]]).astype(np.float64)
    ends = np.concatenate([starts[1:], last_done[None]]).astype(bool)
    return recomputed.Facts(rewards.astype(np.float64), values.astype(np.float64), following, ends, ends)


def _discounted(delta: list[float], carry: list[float]) -> list[float]:
    """sum_k delta[t + k] prod_{j < k} carry[t + j], for each t. Plain numbers: far faster than rows of few entries."""
    running, out = 0.0, []
    for d, c in zip(reversed(delta), reversed(carry), strict=True):
        running = d + c * running
        out.append(running)
    return out[::-1]


def gae_error(used: np.ndarray, right: np.ndarray, values: np.ndarray) -> float:
    """Largest difference in standard deviations of the right advantage, or in `LEAST_SPREAD` of what it is a difference
    of, where it varies by less: single precision is no finer."""
    size = max(np.abs(right).max(), np.abs(values).max())
    return float(np.abs(used - right).max() / (max(right.std(), LEAST_SPREAD * size) or 1.0))


def stored_action_error(stored: np.ndarray, executed: np.ndarray, space: spaces.Space, squashed: bool) -> float:
    """Share of rows whose stored action, brought to the bounds as SB3 does, is not the executed one.

    SB3 stores the sample and executes it clipped, or unscaled if the policy squashes: both are part of the environment.
    """
    executed = executed.reshape(stored.shape)
    if isinstance(space, spaces.Box):
        stored = (
            space.low + 0.5 * (stored + 1.0) * (space.high - space.low)
            if squashed
            else np.clip(stored, space.low, space.high)
        )
    wrong = ~np.isclose(stored, executed, rtol=1e-4, atol=1e-5, equal_nan=True)
    return float(wrong.reshape(*stored.shape[:2], -1).any(axis=-1).mean())


def reward_misaligned_frac(stored: np.ndarray, received: np.ndarray, cut: np.ndarray) -> float:
    """`recomputed.misaligned` of the steps that no time limit `cut`: to those SB3 adds a bootstrap."""
    stored, received = stored[~cut], received[~cut]
    wrong = ~np.isclose(stored, received, rtol=1e-4, atol=1e-5, equal_nan=True)
    return recomputed.misaligned(wrong, stored, received)


def obs_aliased_frac(stored: Any, seen: np.ndarray) -> float:
    """Share of steps whose stored observation is not what it was when it was returned; `seen` [steps, m] is thinned."""
    parts = [stored[key] for key in sorted(stored)] if isinstance(stored, dict) else [stored]
    flat = [part.reshape(len(part), -1) for part in parts]
    now = np.concatenate([part[:, :: stride(part.shape[1])] for part in flat], axis=1)
    same = (now == seen) | ((now != now) & (seen != seen))
    return float((~same).any(axis=1).mean())


def critic(values: np.ndarray, returns: np.ndarray, advantage: np.ndarray) -> Signals:
    """Fit of the predictions to the targets, and the spread of the advantage before standardisation."""
    values, returns = values.astype(np.float64), returns.astype(np.float64)
    error, variance = returns - values, float(returns.var())
    undefined = variance < 1e-12
    return {
        "explained_variance": np.nan if undefined else 1.0 - float(error.var()) / variance,
        "r2": np.nan if undefined else 1.0 - float((error**2).mean()) / variance,
        "value_bias": -float(error.mean()),
        "value_mean": float(values.mean()),
        "return_mean": float(returns.mean()),
        "return_std": variance**0.5,
        "advantage_mean": float(advantage.mean()),
        "advantage_std": float(advantage.std()),
        "advantage_min": float(advantage.min()),
        "advantage_max": float(advantage.max()),
    }


def episodes(trace: Trace, finished: list[tuple[float, float]]) -> Signals:
    """What happened in the environments; `finished`: return and length of the episodes that ended."""
    dones, cut, paid = trace.dones, trace.cut, trace.paid
    found = np.array(finished) if finished else np.full((1, 2), np.nan)
    return {
        "mean_ep_return": float(found[:, 0].mean()),
        "mean_ep_length": float(found[:, 1].mean()),
        "n_episodes": len(finished) + len(trace.lost - trace.told),
        "reward_mean": float(paid.mean()),
        "reward_std": float(paid.std()),
        "reward_min": float(paid.min()),
        "reward_max": float(paid.max()),
        "terminated_frac": float((dones & ~cut).mean()),
        "truncated_frac": float(cut.mean()),
        "mean_segment_length": dones.size / (int(dones[:-1].sum()) + dones.shape[1]),
    }


def done_mismatch(trace: Trace) -> float:
    """Share of ends (stored or only seen) that were not stored."""
    ends = int(trace.dones.sum()) + len(trace.lost)
    return len(trace.lost) / ends if ends else 0.0


def action_at_bound_frac(actions: np.ndarray, space: spaces.Box) -> float:
    """Share of the components of sampled actions at or beyond their bounds."""
    return float(((actions <= space.low) | (actions >= space.high)).mean())


def observation_scale(obs: np.ndarray) -> Signals:
    """Constant features and the spread of their scales, of flat observations [steps, n_envs, features]."""
    scale = obs.reshape(-1, obs.shape[-1]).std(axis=0, dtype=np.float64)
    varies = scale[scale > 1e-8]
    found = {"obs_constant_frac": 1.0 - len(varies) / len(scale)}
    return found | ({"obs_scale_spread": float(varies.max() / varies.min())} if len(varies) else {})


def nonfinite(buffer: Any) -> Signals:
    """NaN and infinite entries by tensor."""
    obs = buffer.observations
    counts = {
        "obs": sum(_bad(part) for part in (obs.values() if isinstance(obs, dict) else (obs,))),
        "reward": _bad(buffer.rewards),
        "log_prob": _bad(buffer.log_probs),
        "value": _bad(buffer.values),
        "advantage": _bad(buffer.advantages),
    }
    return {f"nonfinite/{name}": count for name, count in counts.items()}


def _bad(array: np.ndarray) -> int:
    if array.dtype.kind != "f" or np.isfinite(array.sum(dtype=np.float64)):
        return 0
    return int((~np.isfinite(array)).sum())
