"""Evaluations that run beside the training: their result, and whether they see observations as the training does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from stable_baselines3.common.callbacks import BaseCallback, CallbackList, EventCallback
from stable_baselines3.common.running_mean_std import RunningMeanStd
from stable_baselines3.common.vec_env import VecEnvWrapper, VecNormalize

from ppo_doctor.adapters.sb3.buffer import Signals
from ppo_doctor.audit import recomputed


class Evaluations:
    """Follows the callbacks that evaluate: `EvalCallback`, and anything with `eval_env` and `eval_freq` like it."""

    def __init__(self, top: Any, normaliser: VecNormalize | None) -> None:
        """`top`: the callback given to `learn`; `normaliser`: that of the training environment, if it has one."""
        self._normaliser = normaliser
        self._done = {callback: _count(callback) for callback in _walk(top) if hasattr(callback, "eval_env")}
        self.any = bool(self._done)
        """Whether anything evaluates."""
        self._found: Signals = {}
        self.gap: float | None = None
        """Latest `normaliser_gap`, taken right after an evaluation; None before the first."""

    def step(self) -> None:
        """Look whether an evaluation took place since the last step."""
        for callback, before in self._done.items():
            count = _count(callback)
            if count > before:
                self._done[callback] = count
                name = "eval_mean_return" if getattr(callback, "deterministic", True) else "eval_sampled_mean_return"
                self._found[name] = float(getattr(callback, "last_mean_reward", np.nan))
                if self._normaliser is not None:
                    self.gap = normaliser_gap(self._normaliser, callback.eval_env)

    def take(self) -> Signals:
        """Results since the last call."""
        found, self._found = self._found, {}
        return found


def _walk(callback: Any) -> Iterator[Any]:
    if isinstance(callback, CallbackList):
        for inner in callback.callbacks:
            yield from _walk(inner)
    elif isinstance(callback, BaseCallback):
        yield callback
        if isinstance(callback, EventCallback):
            yield from _walk(callback.callback)


def _count(callback: Any) -> int:
    every = getattr(callback, "eval_freq", 0)
    return callback.n_calls // every if every > 0 else 0


def normaliser_gap(training: VecNormalize, env: Any) -> float:
    """Largest difference of the means in standard deviations of training, or of the logarithms of those.

    Without a normaliser, means are 0 and standard deviations 1.
    """
    while isinstance(env, VecEnvWrapper) and not isinstance(env, VecNormalize):
        env = env.venv
    other = getattr(env, "obs_rms", {}) if isinstance(env, VecNormalize) and env.norm_obs else {}
    if not training.norm_obs:
        return 0.0
    ours = training.obs_rms if isinstance(training.obs_rms, dict) else {"": training.obs_rms}
    theirs = other if isinstance(other, dict) else {"": other}
    return max(_gap(one, theirs.get(key)) for key, one in ours.items())


def _gap(ours: RunningMeanStd, theirs: RunningMeanStd | None) -> float:
    mean, var = (0.0, 1.0) if theirs is None else (theirs.mean, theirs.var)
    return recomputed.normaliser_gap(ours.mean, ours.var, mean, var)
