"""EVA113 chosen-on-report-seeds."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("EVA113", severity="warning")
def chosen_on_report_seeds(report_seed_overlap: float, *, limit: float = 0.0) -> list[Finding]:
    """The checkpoint was chosen on the seeds that the report uses.

    Looks at
    The share of the report's seeds or instances that also chose the checkpoint: above `limit`.

    Why it matters
    The best of many noisy evaluations is lucky; reported on the same episodes it stays lucky.

    When it is wrong
    Not at all; the size of the bias depends on the noise and on how many checkpoints there were.

    What to do
    Choose on validation seeds, report once on seeds that chose nothing.

    References
    Henderson et al. 2018; Agarwal et al. 2021.
    """
    if report_seed_overlap <= limit:
        return []
    return [
        Finding(
            "The reported number is biased upward.",
            (given("report_seed_overlap", report_seed_overlap, ">", limit),),
            REMEDIES,
        )
    ]


REMEDIES = (
    Remedy("Report on seeds that chose nothing", "the best of many is lucky", verify="report_seed_overlap is zero"),
)

FIRES = (synthetic("chosen where it is reported", report_seed_overlap=1.0),)
SILENT = (
    synthetic("disjoint", report_seed_overlap=0.0),
    synthetic("disjoint, though trained on", report_seed_overlap=0.0, seed_overlap=0.0),
)
