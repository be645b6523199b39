"""ENV117 privacy-noise-missing."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("ENV117", severity="critical")
def privacy_noise_missing(obs_noise_std: float, obs_noise_declared: float, *, share: float = 0.1) -> list[Finding]:
    """Noise is declared for privacy, but hardly any is added.

    Looks at
    The measured noise of the observation below `share` of the declared one.

    Why it matters
    Learning is not harmed, which is why nobody notices: the claim of privacy is false.

    When it is wrong
    Where noise is added to something the agent does not observe; then declare it there.

    What to do
    Put the mechanism into the path that the agent reads, and account for what is spent.

    References
    Dwork and Roth 2014, The Algorithmic Foundations of Differential Privacy.
    """
    if obs_noise_declared <= 0.0 or obs_noise_std >= share * obs_noise_declared:
        return []
    return [
        Finding(
            "The declared protection is not in the path.",
            (
                given("obs_noise_std", obs_noise_std, "<", share * obs_noise_declared),
                given("obs_noise_declared", obs_noise_declared),
            ),
            REMEDIES,
        )
    ]


REMEDIES = (
    Remedy(
        "Add the noise where the agent reads",
        "a budget that is not spent protects nobody",
        confirm="observation_audit",
        verify="obs_noise_std reaches obs_noise_declared",
    ),
)

FIRES = (synthetic("declared, not added", obs_noise_std=0.0, obs_noise_declared=0.5),)
SILENT = (
    synthetic("added", obs_noise_std=0.5, obs_noise_declared=0.5),
    synthetic("none declared", obs_noise_std=0.0, obs_noise_declared=0.0),
)
