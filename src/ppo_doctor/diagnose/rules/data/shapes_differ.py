"""DAT108 shapes-differ."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("DAT108", severity="critical")
def shapes_differ(shape_mismatch: float) -> list[Finding]:
    """Ratio, advantage, return or value differ in shape where the loss combines them.

    Looks at
    The probe's comparison of the shapes that meet in the loss. A column against a row broadcasts into a matrix.

    Why it matters
    Every row's ratio is multiplied by every row's advantage: with standardised advantages the surrogate is zero on
    average, and the value loss becomes the variance of the returns. Nothing crashes.

    When it is wrong
    Never: equal shapes are free.

    What to do
    Flatten all of them before the loss, and assert equal shapes there.

    References
    Huang et al. 2022; the same bug in public repositories: PPO-PyTorch issue 5, DeepRL_Algorithms issue 13.
    """
    if not shape_mismatch:
        return []
    meaning = "Broadcasting pairs every ratio with every advantage, so that the gradient averages to nothing."
    return [Finding(meaning, (given("shape_mismatch", shape_mismatch),), REMEDIES)]


REMEDIES = (
    Remedy(
        "Flatten log-probabilities, advantages, returns and values to one axis, and assert that their shapes agree",
        "a kept axis of length one on one side is enough",
        confirm="shapes",
        verify="pg_loss is zero at the first step only, and v_loss falls below the variance of the returns",
    ),
)

FIRES = (synthetic("column against row", shape_mismatch=1),)
SILENT = (synthetic("flat", shape_mismatch=0), synthetic("flat, several agents", shape_mismatch=0, n_agents=4))
