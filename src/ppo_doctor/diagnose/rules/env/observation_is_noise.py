"""ENV136 observation-is-noise."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("ENV136", severity="critical")
def observation_is_noise(obs_noise_ratio: float, *, whole: float = 1e6) -> list[Finding]:
    """The observation is noise and nothing else.

    Looks at
    The probe's ratio of added noise to what lies beneath it, at `whole`: with the same random numbers, the observation
    is the same after every action and in every first state, while fresh numbers change it and nothing that follows.

    Why it matters
    No denoising, memory or tighter clipping brings back what was never there. Noise that is too large is another fault
    (ENV114 `observation-noise-large`).

    When it is wrong
    Where an action shows only later, episodes begin in one state, and noise is added on top of that.

    What to do
    Print two observations of different states. Look for a buffer that is never filled, or a wrapper that replaces.

    References
    Furuta et al. 2021, Policy Information Capacity.
    """
    if obs_noise_ratio < whole:
        return []
    return [
        Finding("What the agent sees is made up.", (given("obs_noise_ratio", obs_noise_ratio, ">=", whole),), REMEDIES)
    ]


REMEDIES = (
    Remedy(
        "Build the observation from the state",
        "no learner can find what is not shown",
        confirm="observation_audit",
        verify="obs_noise_ratio falls below one",
    ),
)

FIRES = (synthetic("noise for an observation", obs_noise_ratio=1e6),)
SILENT = (
    synthetic("drowned, but there", obs_noise_ratio=30.0),
    synthetic("clear", obs_noise_ratio=0.0),
)
