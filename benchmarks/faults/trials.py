"""What a user learns by training again: usual settings put back, and the learner put back as a whole.

The other learner is the healthy one: for a fault of the learner that trial is the control.
"""

from __future__ import annotations

import math
from dataclasses import replace

from benchmarks.faults import scoring, verdicts
from benchmarks.faults.bank import Variant
from benchmarks.faults.cases import Case
from benchmarks.faults.training import Lab

from ppo_doctor.train.learner import HEALTHY
from ppo_doctor.treat.gain import gain
from ppo_doctor.treat.proposals import changed, proposals
from ppo_doctor.treat.reference import SIGNAL as REFERENCE
from ppo_doctor.treat.search import Arm, search


def counts(case: Case, control: Case) -> bool:
    """Whether a seed of the case that is judged has a right verdict, or a defect by construction: others need none."""
    judged = [verdicts.unjudged(case, control, k) for k in range(verdicts.SEEDS)]
    return bool(scoring.trials(judged) or scoring.by_construction(judged))


def run(lab: Lab, variant: Variant, case: Case) -> dict[str, float]:
    """Gains of the trials on `variant`, trained as `case`."""
    before = [float(one.signals["eval_mean_return"].value[-1]) for one in case.runs]
    chance = float(case.runs[0].signals["random_return"])

    def trained(tried: Variant) -> list[float]:
        place, tried = lab.home(tried)
        return place.final(tried)

    def put_back(arm: Arm) -> list[float]:
        return trained(replace(variant, config=changed(variant.config, arm))) if arm else before

    found = search(proposals(variant.config, variant.env), put_back, chance).gains
    if variant.parts == HEALTHY:
        return found | {REFERENCE: 0.0}
    gained = gain(trained(replace(variant, parts=HEALTHY)), before, chance)
    return found | ({REFERENCE: gained} if math.isfinite(gained) else {})
