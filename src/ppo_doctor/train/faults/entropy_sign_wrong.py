"""Fault: the entropy enters the loss with the wrong sign.

omnisafe pull request 133, and cleanrl until commit 47b920a3. Entropy is punished, and falls faster the larger the
coefficient is. The run looks like one that needs a larger entropy bonus, which makes it worse.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ppo_doctor.train.config import Config, constant
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts


def config(config: Config, strength: float) -> Config:
    """A bonus of `strength`, so that there is a sign to get wrong."""
    return replace(config, ent_coef=constant(strength))


def parts(parts: Parts, strength: float) -> Parts:
    """The entropy inside the bonus, negated."""
    del strength

    def policy(config: Config, space: Any, model: Any, norms: Any, batch: Any, knobs: Any):
        surrogate, entropy, bonus, log_ratio = parts.policy(config, space, model, norms, batch, knobs)
        return surrogate, entropy, -bonus, log_ratio

    return replace(parts, policy=policy)


FAULT = Fault(
    "loss-sign-wrong", "learner", "entropy is punished instead of rewarded", (0.1, 0.01), config=config, parts=parts
)
