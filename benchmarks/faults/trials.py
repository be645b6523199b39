"""What a user learns by training again: usual settings put back one at a time, and the learner put back as a whole.

The other learner is the healthy one: for a fault of the learner that trial is the control.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator

from benchmarks.faults import scoring, verdicts
from benchmarks.faults.bank import Variant
from benchmarks.faults.cases import Case
from benchmarks.faults.training import Lab

from ppo_doctor.train.env import Box
from ppo_doctor.train.learner import HEALTHY
from ppo_doctor.treat.gain import gain
from ppo_doctor.treat.proposals import proposals


def counts(case: Case, control: Case) -> bool:
    """Whether a seed of the case that is judged has a right verdict, or a defect by construction: others need none."""
    judged = [verdicts.unjudged(case, control, k) for k in range(verdicts.SEEDS)]
    return bool(scoring.trials(judged) or scoring.by_construction(judged))


def run(lab: Lab, variant: Variant, case: Case) -> dict[str, float]:
    """Gains of the trials on `variant`, whose finished training is `case`."""
    before = [float(one.signals["eval_mean_return"].value[-1]) for one in case.runs]
    chance = float(case.runs[0].signals["random_return"])
    found = {}
    for name, changed in _changed(lab, variant):
        same = changed is variant
        found[name] = 0.0 if same else gain(lab.final(changed), before, chance)
    return {name: value for name, value in found.items() if math.isfinite(value)}


def _changed(lab: Lab, variant: Variant) -> Iterator[tuple[str, Variant]]:
    """(signal, what is trained): with every proposal that is a branch of the world's own program, and the learner."""
    for one in proposals(variant.config, isinstance(variant.env.space, Box)):
        other = dataclasses.replace(variant, config=one.config)
        if lab.shared(other):
            yield one.signal, other
    if variant.parts == HEALTHY:
        yield "trial_gain_reference_learner", variant
    elif lab.shared(healthy := dataclasses.replace(variant, parts=HEALTHY)):
        yield "trial_gain_reference_learner", healthy
