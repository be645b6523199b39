"""DAT133 normaliser-still."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("DAT133", severity="critical")
def normaliser_still(normaliser_still: float, *, limit: float = 0.0) -> list[Finding]:
    """A running statistic does not move when rows are added to it.

    Looks at
    The audit hands rows that lie beside all earlier ones to the function that keeps the running statistics in use, and
    sees whether a mean moves (`normaliser_still` above `limit`: it does not).

    Why it matters
    Statistics of the untrained policy then meet other states and returns for the rest of the run: inputs drift out of
    the range the network knows, or targets out of their unit.

    When it is wrong
    Where statistics are frozen on purpose, to fine-tune or after a warm-up.

    What to do
    Switch the normaliser to training mode while collecting; update it with every rollout.

    References
    Stable-Baselines3 commit f8a0869; Andrychowicz et al. 2021.
    """
    if normaliser_still <= limit:
        return []
    evidence = (given("normaliser_still", normaliser_still, ">", limit),)
    return [Finding("The statistics were measured once and are applied for ever.", evidence, REMEDIES)]


REMEDIES = (Remedy(
        "Update the statistics with every rollout",
        "inputs and targets must stay in range",
        confirm='normaliser_sync',
        verify="normaliser_still is zero",
    ),)

FIRES = (synthetic("frozen", normaliser_still=1.0),)
SILENT = (synthetic("moves", normaliser_still=0.0), synthetic("moves, of observations", normaliser_still=0.0, normalize_obs=1),)
