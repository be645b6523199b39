"""Do seeds fix what happens? determinism: share of the steps of random play that a second play with the same seeds and
actions reproduces exactly: observation, reward and end.

Cost: one more random play.
Wrong when: the second play differs by rounding alone (threads, another batch size): then differences are tiny.
"""

from __future__ import annotations

from ppo_doctor.train.lab import Lab
from ppo_doctor.train.probes import Found


def measure(lab: Lab) -> Found:
    """The share of steps reproduced."""
    first = lab.random
    n, horizon = first.alive.shape
    again = lab.world.play(lab.seeds(0, n), lab.seeds(0, n), horizon)
    same = (first.obs[:, 1:] == again.obs[:, 1:]).all(axis=2) & (first.reward == again.reward)
    same &= (first.terminated == again.terminated) & (first.alive == again.alive)
    same &= (first.obs[:, :1] == again.obs[:, :1]).all(axis=(1, 2))[:, None]
    return Found({"determinism": float(same[first.alive].mean())}, (f"{int(first.alive.sum())} steps played twice",))
