"""Small Gymnasium environments, each with one known fault, and one without."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces


class Signs(gymnasium.Env[Any, Any]):
    """Four steps, each with a fresh sign as observation; the action that matches the sign (0: -1, 1: +1) pays 1.

    Switches: `read` the action; `hide` the sign; `static` instance; `pay` a constant; `one` step only; `noise` on the
    observation, declared as `claim`; `frozen` observation; `equal` pay for both actions.
    """

    def __init__(
        self,
        read: bool = True,
        hide: bool = False,
        static: bool = False,
        pay: float | None = None,
        steps: int = 4,
        noise: float = 0.0,
        claim: float | None = None,
        frozen: bool = False,
        limit: bool = False,
    ) -> None:
        self.action_space, self.observation_space = spaces.Discrete(2), spaces.Box(-9, 9, (2,), np.float64)
        self.read, self.hide, self.static, self.pay, self.length = read, hide, static, pay, steps
        self.noise, self.frozen, self.limit, self.observation_noise = noise, frozen, limit, claim
        self.noisy = np.random.default_rng(0)

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        """A new episode."""
        super().reset(seed=seed)
        self.noisy = np.random.default_rng(None if seed is None else seed + 10**6)
        rng = np.random.default_rng(1) if self.static else self.np_random
        self.signs, self.t = rng.choice([-1.0, 1.0], self.length + 1), 0
        return self.seen(), {}

    def seen(self) -> np.ndarray:
        """The observation of the present state."""
        if self.frozen:
            return np.zeros(2)
        clock = self.t / self.length
        return np.array([0.0 if self.hide else self.signs[self.t], clock]) + self.noise * self.noisy.normal(size=2)

    def step(self, action: int) -> Any:
        """One step; the class says what is wrong with it."""
        match = float(self.signs[self.t] == 2 * (action if self.read else 0) - 1)
        reward = match if self.pay is None else self.pay
        self.t += 1
        over = self.t >= self.length
        terms = {"match": reward, "bonus": 0.25}
        return self.seen(), reward + 0.25, over and not self.limit, over and self.limit, {"reward_terms": terms}


class Doors(gymnasium.Env[Any, Any]):
    """Four doors of which the one at the agent's place is shut; going through a shut one raises. The mask may be wrong.

    fault: "" (right), "stale" (of the step before) or "shifted" (by one index).
    """

    def __init__(self, fault: str = "") -> None:
        self.action_space, self.observation_space = spaces.Discrete(4), spaces.Discrete(4)
        self.fault = fault

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        """A new episode."""
        super().reset(seed=seed)
        self.place, self.before, self.t = int(self.np_random.integers(4)), None, 0
        return self.place, self.info()

    def info(self) -> dict[str, Any]:
        """The mask, right or wrong."""
        shut = {"": self.place, "stale": self.before, "shifted": (self.place + 1) % 4}[self.fault]
        shut = self.place if shut is None else shut
        return {"action_mask": (np.arange(4) != shut).astype(np.int8)}

    def step(self, action: int) -> Any:
        """One step; the class says what is wrong with it."""
        if action == self.place:
            raise ValueError(f"door {action} is shut")
        self.before, self.place, self.t = self.place, int(action), self.t + 1
        return self.place, float(self.place == 3), False, self.t >= 6, self.info()


class Rail(gymnasium.Env[Any, Any]):
    """Twenty steps on a rail, pushed by a real action; minus the squared distance from the middle is paid.

    Switches: `reach` to which actions are cut in silence; `clip` of the reward; its `sign`; factor by which what is
    seen `grows` in a step.
    """

    def __init__(self, reach: float = 1.0, clip: float = 9.0, sign: float = 1.0, grows: float = 1.0) -> None:
        self.action_space, self.observation_space = spaces.Box(-1, 1, (1,)), spaces.Box(-1e9, 1e9, (1,), np.float64)
        self.reach, self.clip, self.sign, self.grows = reach, clip, sign, grows

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        """A new episode."""
        super().reset(seed=seed)
        self.place, self.t = self.np_random.uniform(-1.0, 1.0), 0
        return self.seen(), {}

    def seen(self) -> np.ndarray:
        """The observation of the present state."""
        return np.array([self.place * self.grows**self.t])

    def step(self, action: np.ndarray) -> Any:
        """One step; the class says what is wrong with it."""
        self.place += 0.1 * float(np.clip(action[0], -self.reach, self.reach))
        self.t += 1
        reward = self.sign * max(-(self.place**2), -self.clip)
        return self.seen(), reward, False, self.t >= 20, {}


def centred(seen: np.ndarray) -> np.ndarray:
    """A policy for `Rail` that goes to the middle and stays there."""
    return np.clip(-5.0 * seen, -1.0, 1.0)


class Unseeded(Signs):
    """Draws from a generator that no seed reaches, and that no copy holds."""

    RNG = np.random.default_rng(5)

    def seen(self) -> np.ndarray:
        """The observation of the present state."""
        return super().seen() + self.RNG.normal(size=2)


class Uncopied(Signs):
    """Cannot be copied, but replays exactly."""

    def __deepcopy__(self, memo: Any) -> Any:
        raise TypeError("holds a socket")


class Raises(Signs):
    """Raises in its second step."""

    def step(self, action: int) -> Any:
        """One step; the class says what is wrong with it."""
        if self.t == 1:
            raise KeyError("queue")
        return super().step(action)


class Wrong(Signs):
    """Returns an observation of another shape, or NaN."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value

    def step(self, action: int) -> Any:
        """One step; the class says what is wrong with it."""
        return (self.value, *super().step(action)[1:])
