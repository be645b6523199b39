"""EVA111 evaluation-leaks."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("EVA111", severity="warning")
def evaluation_leaks(seed_overlap: float, *, limit: float = 0.0) -> list[Finding]:
    """Evaluation uses instances that are trained on.

    Looks at
    The probe's share of evaluation seeds or instances that also occur in training, above `limit`.

    Why it matters
    The figure then measures memory. Selection on it, and a report on the same seeds, make it better still.

    When it is wrong
    A task with one instance has nothing else to be evaluated on.

    What to do
    Three disjoint sets: to train on, to select by, to report.

    References
    Cobbe et al. 2019, Quantifying Generalization in Reinforcement Learning.
    """
    if seed_overlap <= limit:
        return []
    evidence = (given("seed_overlap", seed_overlap, ">", limit),)
    return [Finding("The evaluation rewards memory.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Draw evaluation seeds from a range that training never uses, and report on a third one",
        "only unseen instances show what was learnt",
        verify="seed_overlap is zero",
    ),
)

FIRES = (synthetic("the same workload", seed_overlap=1.0), synthetic("some", seed_overlap=0.1))
SILENT = (synthetic("disjoint", seed_overlap=0.0), synthetic("disjoint, other seed", seed_overlap=0.0, seed=1))
