"""How do episodes end? timeout_share: share of the ends that are due to a time limit (truncated).
segment_length: mean number of steps between a reset and the end, or the end of the recording. overrun_frac: share of
the episodes that made as many steps as the environment declares to be the most, and had not ended.

Cost: random play, shared with other probes.
Wrong when: random play ends otherwise than a trained policy: it falls early, or it never reaches the goal.
Reference: Pardo et al. 2018, Time Limits in Reinforcement Learning.
"""

from __future__ import annotations

from ppo_doctor.train.lab import Lab
from ppo_doctor.train.probes import Found


def measure(lab: Lab) -> Found:
    """The share of time limits among the ends, and the length of episodes."""
    play = lab.random
    task, limit = play.terminated.any(axis=1).sum(), play.truncated.any(axis=1).sum()
    found = {"segment_length": float(play.lengths.mean())}
    if play.alive.shape[1] == lab.world.limit:
        found["overrun_frac"] = float((~(play.terminated | play.truncated).any(axis=1)).mean())
    if task + limit == 0:
        return Found(found, (f"none of {len(play.alive)} episodes ended within {play.alive.shape[1]} steps",))
    found["timeout_share"] = float(limit / (task + limit))
    return Found(found, (f"{task} ends of the task, {limit} of a time limit, {len(play.alive)} episodes",))
