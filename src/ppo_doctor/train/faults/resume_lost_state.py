"""Fault: a resumed run has lost everything but its weights.

Optimiser moments, running statistics and the schedule's progress are not in the checkpoint (ikostrikov commit d933728
and others): after every restart the learning rate is at its start again, Adam takes full-size first steps, and
statistics are those of nothing. The curve has a step at every resume.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp

from ppo_doctor.train import epochs, normalise
from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Learner, Parts
from ppo_doctor.train.rollout import Norms


def parts(parts: Parts, strength: float) -> Parts:
    """The run is resumed `strength` times, at equal distances."""

    def period(config: Config) -> int:
        return max(1, int(config.n_updates / (strength + 1.0)))

    def resume(config: Config, learner: Learner) -> Learner:
        learner = parts.resume(config, learner)
        again = (learner.controls.update > 0) & (learner.controls.update % period(config) == 0)
        fresh = (
            epochs.begin(config, learner.model),
            Norms(*(normalise.start(one.mean.shape[-1]) for one in learner.norms)),
        )
        kept = (learner.optimiser, learner.norms)
        optimiser, norms = jax.tree.map(lambda new, old: jnp.where(again, new, old), fresh, kept)
        return learner._replace(optimiser=optimiser, norms=norms)

    def knobs(config: Config, controls: Any):
        return parts.knobs(config, controls._replace(update=controls.update % period(config)))

    return replace(parts, resume=resume, knobs=knobs)


FAULT = Fault("resume-lost-state", "evaluation", "a resume keeps the weights only", (4.0, 1.0), parts=parts)
