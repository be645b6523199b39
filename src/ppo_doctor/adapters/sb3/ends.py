"""Watches the innermost environments, so that an end or a reset that a wrapper hides is seen.

Only environments of this process can be watched (`DummyVecEnv`); of others the ends that `Monitor` reports remain.
"""

from __future__ import annotations

from typing import Any

from stable_baselines3.common.vec_env import DummyVecEnv, VecEnv


class Watched:
    """Stands in for `step` and `reset` of one environment and notes what passes. Copies and pickles with it."""

    def __init__(self, step: Any, reset: Any) -> None:
        self._step, self._reset = step, reset
        self.stirred = False
        """Whether the environment was over, or was reset, since this was last set to False."""

    def step(self, *args: Any, **kwargs: Any) -> Any:
        """The environment's own step."""
        result = self._step(*args, **kwargs)
        if result[2] or result[3]:
            self.stirred = True
        return result

    def reset(self, *args: Any, **kwargs: Any) -> Any:
        """The environment's own reset."""
        self.stirred = True
        return self._reset(*args, **kwargs)


def watch(venv: VecEnv) -> list[Watched]:
    """Watch every environment of `venv`; one entry an environment, none if they live in other processes."""
    base = venv.unwrapped
    if not isinstance(base, DummyVecEnv):
        return []
    inner = [env.unwrapped for env in base.envs]
    if len({id(env) for env in inner}) < len(inner):
        return []
    found = []
    for env in inner:
        watched = Watched(env.step, env.reset)
        env.step, env.reset = watched.step, watched.reset
        found.append(watched)
    return found


def unwatch(venv: VecEnv) -> None:
    """Undo `watch`."""
    base = venv.unwrapped
    for env in base.envs if isinstance(base, DummyVecEnv) else ():
        if isinstance(getattr(vars(env.unwrapped).get("step"), "__self__", None), Watched):
            del env.unwrapped.step, env.unwrapped.reset
