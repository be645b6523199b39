"""What a user learns by experiment: probes of the environment, and the audit of the learner's data path."""

from __future__ import annotations

import functools
import math

import jax.numpy as jnp
from benchmarks.faults import bank
from benchmarks.faults.bank import Variant
from benchmarks.faults.training import Lab

from ppo_doctor.train import audit, baselines, ppo, probes, stacked
from ppo_doctor.train import lab as probing
from ppo_doctor.train.faults.actions_relabelled import renamed
from ppo_doctor.train.functional import Functional
from ppo_doctor.train.learner import Learner

BUDGET = 60_000
"""Environment steps of all probes of one environment."""
UPDATES = 3
"""Updates before the audit: at a fresh learner much is 0 by rights."""


class Probing:
    """Probes and audits the variants of a world; an environment is probed once, whatever is trained in it."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self._probed: dict[tuple[str, float], dict[str, float]] = {}

    def run(self, variant: Variant) -> dict[str, float]:
        """Scalars that the probes and the audit add to every seed's run."""
        key = (variant.fault, variant.strength) if variant.kind == "env" else ("", 0.0)
        if key not in self._probed:
            self._probed[key] = self._probes(variant)
        return self._probed[key] | self._audit(variant)

    def _probes(self, variant: Variant) -> dict[str, float]:
        env = bank.place(variant.env, self.lab.changes)
        world = Functional(self.lab.world.system, env, self.lab.max_steps)
        found: dict[str, float] = {}
        policy = baselines.reference(self.lab.world.system, env)
        foreign = variant.env.changes[0].act is renamed  # the reference goes by the old numbers of the actions
        good = None if policy is None or foreign else functools.partial(world.follow, policy)
        for result in probes.run(probing.Lab(world, BUDGET, 0, self.lab.world.config.gamma, reference=good)):
            found |= result.signals
        return found

    def _audit(self, variant: Variant) -> dict[str, float]:
        lab, variant = self.lab.home(variant)
        config = variant.config
        env = bank.place(variant.env, lab.changes)
        shape, which = bank.template(lab.world, config), jnp.asarray(lab.parts.index(variant.parts))
        given = bank.arguments(config, bank.strength_of(env), shape.n_updates)
        learners = stacked.stack([ppo.init(config, env, seed) for seed in lab.world.seeds])
        for _ in range(min(UPDATES, config.n_updates)):
            learners, _ = bank.update(shape, lab.parts, which, given, env, learners)
        learner = stacked.take(learners, 0)

        def look(one: Learner) -> audit.Evidence:
            return bank.gather(shape, lab.parts, which, given, env, one)

        found = audit.examined(config, env, learner, variant.parts, look)
        return {name: value for name, value in found.items() if math.isfinite(value)}
