"""Evaluation uses what was trained on, or shows what must be hidden.

What it is
Seeds, traces or graph edges of the evaluation also occur in training, or the answer is in the observation. The score
measures memory.

How it looks
Everything looks healthy, often too good; the gap to fresh data appears only on fresh data.

What it is confused with
With healthy. With selected-on-report-set, where only the choice leaks.

How to confirm
Compare the sets: `seed_overlap` above zero. Evaluate on data collected later.

What to do
Split before anything is drawn; keep three disjoint sets.

References
Cobbe et al. 2020; ikostrikov 8258f95 (an empty mask hid nothing).
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.6,
    course="fine",
    innocent=True,
    predicts={
        "always": ("evaluation-leaks",),
    },
    confirm=None,
    remedies=(
        Remedy("Split the instances before training", "what was seen cannot be a test", verify="seed_overlap is zero"),
    ),
)

EXAMPLES = (
    synthetic(
        "half of the seeds overlap",
        seed_overlap=0.5,
        eval_mean_return=[20.0 + 10.0 * k for k in range(10)] + [120.0] * 10,
        random_return=20,
        best_baseline_return=100,
    ),
)
