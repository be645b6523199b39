"""ENV110 observation-unscaled."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.run import synthetic


@rule("ENV110", severity="warning")
def observation_unscaled(
    obs_scale_spread: float,
    normalize_obs: float | None = None,
    obs_noise_std: float | None = None,
    *,
    limit: float = 100.0,
) -> list[Finding]:
    """Features differ in scale by orders of magnitude, and nothing normalises them.

    Looks at
    The probe's ratio of the largest to the smallest standard deviation among features that vary, above `limit`, unless
    `normalize_obs` is on. Undecided where noise is added to features: one that is constant but for the noise looks
    tiny.

    Why it matters
    The large features drive the hidden units into saturation, the small ones are not seen at all.

    When it is wrong
    If the network or a wrapper normalises where this log cannot see it. Features may be tiny because they do not
    matter.

    What to do
    Standardise by running statistics, and carry the statistics over to evaluation.

    References
    Andrychowicz et al. 2021: always normalise observations; Schulman 2016, Nuts and Bolts.
    """
    if normalize_obs or obs_scale_spread <= limit:
        return []
    if obs_noise_std is not None and obs_noise_std > 0.0:
        raise Undecided("noise is added to features: the smallest may be constant but for the noise")
    evidence = [given("obs_scale_spread", obs_scale_spread, ">", limit)]
    if normalize_obs is not None:
        evidence.append(given("normalize_obs", normalize_obs))
    return [Finding("The network sees the large features only.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Standardise the observation by running statistics",
        "all features then reach the first layer alike",
        confirm="observation_audit",
        verify="explained_variance and the return rise sooner",
        change={"normalize_obs": "true"},
    ),
)

FIRES = (
    synthetic("bytes beside ratios", obs_scale_spread=1e6),
    synthetic("not normalised", obs_scale_spread=400, normalize_obs=0),
)
SILENT = (synthetic("normalised", obs_scale_spread=1e6, normalize_obs=1), synthetic("alike", obs_scale_spread=30))
