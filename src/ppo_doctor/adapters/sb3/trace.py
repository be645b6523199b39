"""What a rollout looked like from outside the buffer: kept step by step, held against the buffer when it is full."""

from __future__ import annotations

from typing import Any

import numpy as np

SNAPSHOT = 512
"""Entries of an observation that are kept; of larger ones (images, many environments) an even selection."""


def thin(obs: Any) -> np.ndarray:
    """[m] up to about `SNAPSHOT` entries of an observation [n_envs, ...], or of each part of a dict of them."""
    if isinstance(obs, dict):
        return np.concatenate([thin(obs[key]).astype(np.float64) for key in sorted(obs)])
    return obs.reshape(-1)[:: stride(obs.size)]


def stride(size: int) -> int:
    """Distance between the entries that `thin` keeps."""
    return size // SNAPSHOT or 1


class Trace:
    """Records the steps of one rollout; everything is copied, because others change it before the rollout ends.

    `rewards`, `paid` (before normalisation) and `dones` are [steps, n_envs], `executed` [steps, n_envs, ...], `obs`
    [steps + 1, m] what each action was based on, thinned, and what followed the last.
    """

    def __init__(self, steps: int, n_envs: int, original_reward: Any = None) -> None:
        """`original_reward()` gives the last rewards [n_envs] before normalisation; None if nothing normalises."""
        self._original_reward = original_reward
        self.rewards = np.zeros((steps, n_envs), np.float32)
        self.paid = self.rewards if original_reward is None else np.zeros((steps, n_envs))
        self.dones = np.zeros((steps, n_envs), bool)
        self.executed = self.obs = np.zeros((steps + 1, 0))
        self.t = 0
        """Steps recorded."""

    def begin(self, first_obs: Any) -> None:
        """Forget the last rollout. `first_obs`: what the first action will be based on."""
        seen = thin(first_obs)
        if self.obs.shape[1] != len(seen):
            self.obs = np.zeros((len(self.obs), len(seen)), seen.dtype)
        self.obs[0] = seen
        self.t = 0
        self.cut = np.zeros_like(self.dones)
        """[steps, n_envs] whether a time limit ended the episode."""
        self.finished: list[tuple[float, float]] = []
        """Return and length of the episodes whose end a monitor reports."""
        self.lost: set[tuple[int, int]] = set()
        """(step, environment) of ends that were not stored."""
        self.told: set[tuple[int, int]] = set()
        """Those of them that a monitor reports, so that they are in `finished`."""

    def step(self, seen: dict[str, Any]) -> None:
        """Record one step; `seen`: the local variables of SB3's `collect_rollouts`."""
        t, dones, obs = self.t, seen["dones"], seen["new_obs"]
        self.t = t + 1
        action = seen["clipped_actions"] if "clipped_actions" in seen else seen["actions"]
        if t == 0 and self.executed.shape[1:] != action.shape:
            self.executed = np.zeros((len(self.rewards), *action.shape), action.dtype)
        self.executed[t] = action
        self.rewards[t] = seen["rewards"]  # SB3 adds the bootstrap of a time limit in place, later
        if self._original_reward is not None:
            self.paid[t] = self._original_reward()
        self.dones[t] = dones
        self.obs[t + 1] = thin(obs)
        for i, info in enumerate(seen["infos"]):
            if "episode" in info:
                self.finished.append((float(info["episode"]["r"]), float(info["episode"]["l"])))
                if not dones[i]:
                    self.lost.add((t, i))
                    self.told.add((t, i))
            if "TimeLimit.truncated" in info and info["TimeLimit.truncated"] and dones[i]:
                self.cut[t, i] = True

    def lose(self, i: int) -> None:
        """Environment `i` was reset, or said that it was over, in the last step, and no end was reported."""
        self.lost.add((self.t - 1, i))


class Episodes:
    """Undiscounted return and length of episodes, across rollouts, where no `Monitor` reports them."""

    def __init__(self, n_envs: int) -> None:
        self._open = np.zeros((2, n_envs))

    def finished(self, rewards: np.ndarray, dones: np.ndarray) -> list[tuple[float, float]]:
        """(return, length) of the episodes that end in a rollout; both arguments are [steps, n_envs]."""
        so_far = np.cumsum(np.stack([rewards, np.ones_like(rewards)]), axis=1, dtype=np.float64) + self._open[:, None]
        begin, found = np.zeros_like(self._open), []
        for t, i in np.argwhere(dones):
            total, length = so_far[:, t, i] - begin[:, i]
            found.append((float(total), float(length)))
            begin[:, i] = so_far[:, t, i]
        self._open = so_far[:, -1] - begin
        return found
