"""Fault: the policy loss has the wrong sign, so the policy learns what pays least.

Seen wherever the surrogate is written as a gain and handed to a minimiser. Everything but the return looks as usual:
entropy falls, the ratio and KL behave, the critic even fits (the returns of a bad policy are easy to predict). Where
random play already earns the least possible, the return cannot fall and the fault is silent.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts


def parts(parts: Parts, strength: float) -> Parts:
    """The surrogate, times minus `strength`."""

    def policy(*inputs):
        surrogate, entropy, bonus, log_ratio = parts.policy(*inputs)
        return -strength * surrogate, entropy, bonus, log_ratio

    return replace(parts, policy=policy)


FAULT = Fault("loss-sign-wrong", "learner", "the sign of the policy loss is wrong", (1.0, 0.3), parts=parts)
