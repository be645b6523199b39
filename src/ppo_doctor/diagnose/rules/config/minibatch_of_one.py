"""CFG102 minibatch-of-one."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("CFG102", severity="critical")
def minibatch_of_one(batch_size: float, rollout_rows: float, normalize_advantage: float | None = None) -> list[Finding]:
    """One minibatch of each epoch holds a single row.

    Looks at
    The settings `batch_size` and `rollout_rows`: what is left over when the rollout is cut into batches is one row, or
    the batch itself is.

    Why it matters
    A single advantage less its own mean, divided by its own spread, is zero over zero: one NaN, and every weight is
    NaN. It may take hours until the first odd rollout shows it.

    When it is wrong
    Libraries that drop the remainder, or do not standardise per minibatch, survive it.

    What to do
    Choose a batch size that divides the rollout.

    References
    stable-baselines3 issue 440 and pull request 1028.
    """
    if rollout_rows <= 1 or not (batch_size == 1 or (batch_size < rollout_rows and rollout_rows % batch_size == 1)):
        return []
    if normalize_advantage == 0.0:
        return []
    evidence = (given("batch_size", batch_size), given("rollout_rows", rollout_rows))
    return [Finding("Standardising a single advantage divides zero by zero.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Choose a batch size that divides the rollout",
        "then no remainder exists",
        verify="nonfinite_count stays zero",
        change={"batch_size": "rollout_rows/4"},
    ),
)

FIRES = (
    synthetic("one row left over", batch_size=64, rollout_rows=129),
    synthetic("batches of one", batch_size=1, rollout_rows=128),
)
SILENT = (
    synthetic("divides", batch_size=64, rollout_rows=128),
    synthetic("not standardised", batch_size=64, rollout_rows=129, normalize_advantage=0),
)
