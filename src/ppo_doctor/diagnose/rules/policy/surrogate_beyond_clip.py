"""POL120 surrogate-beyond-clip."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, need
from ppo_doctor.run import Series, synthetic


@rule("POL120", severity="info")
def surrogate_beyond_clip(
    pg_loss: Series, clip_coef_value: Series, *, share: float = 0.5, patience: int = 5, wide: float = 1.0
) -> list[Finding]:
    """The surrogate is larger than the clip range allows for standardised advantages.

    Looks at
    Minus the policy loss against the clip range in force c: above it in more than `share` of the updates, and in
    `patience` of them at least. With advantages of mean 0 and deviation 1, E[min(rA, clip(r)A)] <= c E|A| <= c.
    Ranges above `wide` bound nothing and are left out.

    Why it matters
    It is proof from a log alone that advantages are not standardised: then their size, the reward's scale, sets the
    step against the other terms of the loss.

    When it is wrong
    Advantages that are scaled but not centred shift the loss by their mean, which does no harm by itself. A minibatch
    of few rows that was standardised over the whole rollout has a mean of its own: averaged over updates it vanishes.

    What to do
    Standardise advantages, unless their scale is meant.

    References
    Schulman et al. 2017, equation 7; Andrychowicz et al. 2021, on advantage normalisation.
    """
    loss, clip = aligned(pg_loss, clip_coef_value)
    bound = (clip.value > 0.0) & (clip.value <= wide)
    loss, clip = loss.where(bound), clip.where(bound)
    need(loss, int(patience))
    beyond = -loss.value > clip.value
    if beyond.sum() < patience or beyond.mean() <= share:
        return []
    evidence = (
        seen(loss, float(np.median(loss.value[beyond])), "median where it is beyond the range", hits=beyond),
        seen(clip, float(np.median(clip.value)), "median"),
    )
    return [Finding("No standardised advantage gives a surrogate of this size.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Standardise advantages per minibatch",
        "steps then have the same size whatever the scale of rewards",
        verify="minus pg_loss stays below the clip range",
        change={"normalize_advantage": "1"},
    ),
)

FIRES = (synthetic("raw advantages", pg_loss=[-8.0, -12.0, -6.0, -9.0] * 3, clip_coef_value=[0.2] * 12),)
SILENT = (
    synthetic("standardised", pg_loss=[-0.01, -0.02, -0.005, 0.001] * 3, clip_coef_value=[0.2] * 12),
    synthetic("two outliers", pg_loss=[-3.0, -2.0] + [-0.02] * 10, clip_coef_value=[0.2] * 12),
)
