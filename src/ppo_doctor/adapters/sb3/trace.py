"""What a rollout looked like from outside the buffer: kept step by step, held against the buffer when it is full."""

from __future__ import annotations

from typing import Any

import numpy as np

SNAPSHOT = 512
"""Entries of an observation that are kept; of larger ones (images, many environments) an even selection."""


def thin(obs: Any) -> np.ndarray:
    """[m] a copy of up to about `SNAPSHOT` entries of an observation [n_envs, ...], or of a dict of them."""
    if isinstance(obs, dict):
        return np.concatenate([thin(obs[key]).astype(np.float64) for key in sorted(obs)])
    return obs.reshape(-1)[:: stride(obs.size)].copy()


def stride(size: int) -> int:
    """Distance between the entries that `thin` keeps."""
    return max(1, size // SNAPSHOT)


class Trace:
    """Records the steps of one rollout. Copies only what somebody else may change before the rollout ends."""

    def __init__(self, original_reward: Any = None) -> None:
        """`original_reward()` gives the last rewards [n_envs] before normalisation; None if nothing normalises."""
        self._original_reward = original_reward
        self.begin(None)

    def begin(self, first_obs: Any) -> None:
        """Forget the last rollout. `first_obs`: what the first action will be based on; None if unknown."""
        self.obs = [] if first_obs is None else [thin(first_obs)]
        self.executed: list[np.ndarray] = []
        self.rewards: list[np.ndarray] = []
        self.paid: list[np.ndarray] = []
        self.dones: list[np.ndarray] = []
        self.truncated: list[tuple[int, int]] = []
        self.finished: list[tuple[float, float]] = []
        self.lost: set[tuple[int, int]] = set()
        self.told: set[tuple[int, int]] = set()  # those of them that a monitor reports, so that they are in `finished`

    def step(self, seen: dict[str, Any]) -> None:
        """Record one step; `seen`: the local variables of SB3's `collect_rollouts`."""
        dones, t = seen["dones"], len(self.dones)
        self.executed.append(seen.get("clipped_actions", seen["actions"]))
        self.rewards.append(seen["rewards"].copy())  # SB3 adds the bootstrap of a time limit in place
        if self._original_reward is not None:
            self.paid.append(self._original_reward())
        self.dones.append(dones)
        self.obs.append(thin(seen["new_obs"]))
        for i, info in enumerate(seen["infos"]):
            if "episode" in info:
                self.finished.append((float(info["episode"]["r"]), float(info["episode"]["l"])))
                if not dones[i]:
                    self.lost.add((t, i))
                    self.told.add((t, i))
            if dones[i] and info.get("TimeLimit.truncated", False):
                self.truncated.append((t, i))

    def lose(self, i: int) -> None:
        """Environment `i` was reset, or said that it was over, in the last step, and no end was reported."""
        self.lost.add((len(self.dones) - 1, i))

    def cut(self) -> np.ndarray:
        """[steps, n_envs] whether a time limit ended the episode."""
        cut = np.zeros((len(self.dones), len(self.dones[0])), bool)
        for t, i in self.truncated:
            cut[t, i] = True
        return cut


class Episodes:
    """Undiscounted return and length of episodes, across rollouts, where no `Monitor` reports them."""

    def __init__(self, n_envs: int) -> None:
        self._open = np.zeros((2, n_envs))

    def finished(self, rewards: np.ndarray, dones: np.ndarray) -> list[tuple[float, float]]:
        """(return, length) of the episodes that end in a rollout; both arguments are [steps, n_envs]."""
        so_far = np.cumsum(np.stack([rewards, np.ones_like(rewards)]), axis=1) + self._open[:, None]
        begin, found = np.zeros_like(self._open), []
        for t, i in np.argwhere(dones):
            found.append(tuple(float(x) for x in so_far[:, t, i] - begin[:, i]))
            begin[:, i] = so_far[:, t, i]
        self._open = so_far[:, -1] - begin
        return found
