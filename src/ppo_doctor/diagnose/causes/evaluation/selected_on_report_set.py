"""The checkpoint, or the seed, was chosen on the data that the report uses.

What it is
The best of many evaluations is reported on the same episodes that made it the best. The number is biased upward, most
with noisy evaluations.

How it looks
The reported best lies above the curve around it and is not reproduced.

What it is confused with
With leakage, where training data are reused. With an honest best checkpoint, chosen on validation seeds.

How to confirm
Evaluate the chosen checkpoint on seeds that chose nothing: `report_seed_overlap`.

What to do
Choose on validation seeds, report on report seeds, once.

References
Henderson et al. 2018; Agarwal et al. 2021.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=1.0,
    course="fine",
    innocent=True,
    predicts={
        "often": (
            "best-so-far-reported",
            "chosen-on-report-seeds",
        ),
        "sometimes": (
            "best-far-behind",
            "mean-outside-blocks",
        ),
    },
    confirm=None,
    remedies=(
        Remedy("Report on seeds that chose nothing", "the best of many is lucky", verify="report_seed_overlap is zero"),
    ),
)

EXAMPLES = (synthetic("chosen where it is reported", report_seed_overlap=1.0),)
