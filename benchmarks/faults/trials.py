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
    """Gains of the trials on `variant`, trained as `case`, as far as they are branches of the world's program."""
    before = [float(one.signals["eval_mean_return"].value[-1]) for one in case.runs]
    chance = float(case.runs[0].signals["random_return"])

    def put_back(arm: Arm) -> Variant:
        return replace(variant, config=changed(variant.config, arm))

    some = [one for one in proposals(variant.config, variant.env) if lab.shared(put_back((one,)))]
    found = search(some, lambda arm: lab.final(put_back(arm)) if arm else before, chance).gains
    if variant.parts == HEALTHY:
        return found | {REFERENCE: 0.0}
    healthy = replace(variant, parts=HEALTHY)
    gained = gain(lab.final(healthy), before, chance) if lab.shared(healthy) else math.nan
    return found | ({REFERENCE: gained} if math.isfinite(gained) else {})
