"""CFG115 advantages-unscaled."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import median, need
from ppo_doctor.run import Series, synthetic


@rule("CFG115", severity="warning")
def advantages_unscaled(
    normalize_advantage: float, advantage_std: Series, *, factor: float = 5.0, least: int = 5
) -> list[Finding]:
    """Advantages are used at a scale far from one.

    Looks at
    With standardisation off, the median spread of the advantages: above `factor`, or below its inverse. Needs `least`
    updates.

    Why it matters
    Step size and entropy bonus then depend on the unit of the reward, and change as returns grow.

    When it is wrong
    Where learning rate and coefficients were tuned for that scale.

    What to do
    Standardise advantages per minibatch, or scale the reward.

    References
    Andrychowicz et al. 2021; Engstrom et al. 2020.
    """
    if normalize_advantage:
        return []
    need(advantage_std, int(least))
    level = median(advantage_std)
    if 1.0 / factor <= level <= factor:
        return []
    relation, limit = (">", factor) if level > factor else ("<", 1.0 / factor)
    return [
        Finding(
            "The policy step carries the unit of the reward.",
            (
                seen(advantage_std, level, "median", relation, limit),
                given("normalize_advantage", normalize_advantage),
            ),
            REMEDIES,
        )
    ]


REMEDIES = (
    Remedy(
        "Standardise advantages per minibatch",
        "the step then does not depend on the unit of the reward",
        verify="approx_kl_mean stays in its usual range",
        change={"normalize_advantage": "1"},
    ),
)

FIRES = (
    synthetic("hundreds", normalize_advantage=0.0, advantage_std=[400.0] * 8),
    synthetic("hundredths", normalize_advantage=0.0, advantage_std=[0.01] * 8),
)
SILENT = (
    synthetic("standardised", normalize_advantage=1.0, advantage_std=[400.0] * 8),
    synthetic("off, near one", normalize_advantage=0.0, advantage_std=[1.5] * 8),
)
