"""ENV120 privacy-overspent."""

from __future__ import annotations

from ppo_doctor.diagnose import privacy
from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.run import synthetic


@rule("ENV120", severity="critical")
def privacy_overspent(
    privacy_epsilon_claimed: float,
    privacy_noise_multiplier: float,
    privacy_releases: float,
    privacy_delta: float,
    *,
    slack: float = 0.01,
) -> list[Finding]:
    """More privacy is promised than the noise on the observations gives.

    Looks at
    The epsilon that all `privacy_releases` together spend under Gaussian noise of `privacy_noise_multiplier`, at
    `privacy_delta`, against the epsilon that is claimed: above it by more than a relative `slack`.

    Why it matters
    Epsilon adds up. What holds for one observation does not hold for an episode, and less for a training: noising the
    next observation afresh doubles the spend, each further episode on the same data adds to it.

    When it is wrong
    If every release is about other people, no one's data is released more than once, and the count is one. The bound
    holds for the sensitivity that is really enforced: without a clip the true spend is larger.

    What to do
    State the composed epsilon. Release each observation once, reuse the noised vector, and fit the noise to the budget.

    References
    Balle & Wang 2018, Improving the Gaussian Mechanism; Dong, Roth & Su 2022, Gaussian Differential Privacy.
    """
    if privacy_noise_multiplier < 0.0 or privacy_releases < 0.0 or not 0.0 < privacy_delta < 1.0:
        raise Undecided("noise multiplier and releases must not be negative, and delta must lie between zero and one")
    spent = privacy.spent(privacy_noise_multiplier, privacy_releases, privacy_delta)
    if spent <= privacy_epsilon_claimed * (1.0 + slack):
        return []
    evidence = (
        given("privacy_epsilon_claimed", privacy_epsilon_claimed, "<", spent),
        given("privacy_releases", privacy_releases),
        given("privacy_noise_multiplier", privacy_noise_multiplier),
        given("privacy_delta", privacy_delta),
    )
    return [Finding("All releases together spend more than is promised.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Report the composed epsilon of the whole training instead of that of one observation",
        "it is the limit in the evidence, and the only figure that protects anybody",
        verify="privacy_epsilon_claimed is at least that limit",
    ),
    Remedy(
        "Noise each observation once and use that vector as the next state too",
        "a second draw of noise on the same observation is a second release",
        verify="privacy_releases halves",
    ),
    Remedy(
        "Raise the noise until the composed epsilon is the promised one, and see what the policy still learns",
        "if nothing, the observation must shrink or be clipped harder, for noise grows with the sensitivity",
        verify="obs_noise_ratio stays below one",
    ),
)

FIRES = (
    synthetic(
        "one episode of releases",
        privacy_epsilon_claimed=1.0,
        privacy_noise_multiplier=4.84,
        privacy_releases=200,
        privacy_delta=1e-5,
    ),
)
SILENT = (
    synthetic(
        "one release",
        privacy_epsilon_claimed=1.0,
        privacy_noise_multiplier=4.84,
        privacy_releases=1,
        privacy_delta=1e-5,
    ),
    synthetic(
        "noise for the whole episode",
        privacy_epsilon_claimed=1.0,
        privacy_noise_multiplier=60.0,
        privacy_releases=200,
        privacy_delta=1e-5,
    ),
)
