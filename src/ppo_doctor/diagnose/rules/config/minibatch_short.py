"""CFG103 minibatch-short."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("CFG103", severity="info")
def minibatch_short(batch_size: float, rollout_rows: float, *, share: float = 0.25) -> list[Finding]:
    """The last minibatch of each epoch is a small remainder.

    Looks at
    What is left over when `rollout_rows` is cut into batches of `batch_size`: fewer rows than `share` of a batch, but
    more than one.

    Why it matters
    That gradient step rests on a fraction of the data, and is taken at full size: its noise is added to every epoch.

    When it is wrong
    Libraries that drop the remainder only lose a little data.

    What to do
    Choose a batch size that divides the rollout.

    References
    Stable-Baselines3 warns of it; Huang et al. 2022, detail 6.
    """
    rest = rollout_rows % batch_size if 0 < batch_size < rollout_rows else 0.0
    if not 1 < rest < share * batch_size:
        return []
    evidence = (given("batch_size", batch_size), given("rollout_rows", rollout_rows))
    return [Finding("Each epoch ends with a step on a few rows.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Choose a batch size that divides the rollout",
        "all steps then rest on the same number of rows",
        change={"batch_size": "rollout_rows/4"},
    ),
)

FIRES = (synthetic("ten rows left over", batch_size=100, rollout_rows=1010),)
SILENT = (
    synthetic("divides", batch_size=100, rollout_rows=1000),
    synthetic("half a batch left over", batch_size=100, rollout_rows=1050),
)
