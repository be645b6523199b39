"""EVA110 normaliser-not-shared."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("EVA110", severity="critical")
def normaliser_not_shared(normaliser_gap: float, *, limit: float = 0.1) -> list[Finding]:
    """Evaluation normalises observations with other statistics than training.

    Looks at
    The probe's largest difference between the means in use, in standard deviations of training, above `limit`.

    Why it matters
    The network gets other numbers for the same state: its first action is already another one.

    When it is wrong
    Statistics that are still moving early in training differ a little between two moments.

    What to do
    Save the statistics with the weights, load both, and freeze them in evaluation.

    References
    cleanrl issue 310; Stable-Baselines3's documentation of VecNormalize.
    """
    if normaliser_gap <= limit:
        return []
    evidence = (given("normaliser_gap", normaliser_gap, ">", limit),)
    return [Finding("Evaluation shows the network states it has never seen.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Save and load the observation statistics with the weights, and freeze them for evaluation",
        "they are a layer of the network",
        confirm="normaliser_sync",
        verify="normaliser_gap is zero and evaluation meets training",
    ),
)

FIRES = (synthetic("fresh statistics", normaliser_gap=3.0), synthetic("an older checkpoint's", normaliser_gap=0.4))
SILENT = (synthetic("shared", normaliser_gap=0.0), synthetic("at the limit", normaliser_gap=0.1))
