"""ENV134 observation-grows."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("ENV134", severity="critical")
def observation_grows(
    obs_growth: float, obs_growth_rate: float | None = None, *, limit: float = 200.0, steady: float = 1.1
) -> list[Finding]:
    """What is seen grows by orders of magnitude within an episode.

    Looks at
    The probe's size of features at the end of random episodes over that at their start, median over features, above
    `limit`. An unstable system that ends in time (a pole that falls) grows by tens. Where episodes are too short for
    that: what nine in ten steps multiply the observation by, above `steady`; nothing sound grows at nearly every step.

    Why it matters
    A simulation that diverges multiplies its numbers step after step. Normalisation by running statistics is then
    right for the last steps only, and networks see nothing of the first ones.

    When it is wrong
    Tasks that are meant to end far from where they begin, by orders of magnitude.

    What to do
    Print one episode. Smaller time steps, more solver iterations; end the episode where the state is senseless.

    References
    Isaac Lab issues 2294, 4570 and 1999; raisimGym issue 14.
    """
    if obs_growth > limit:
        evidence = (given("obs_growth", obs_growth, ">", limit),)
    elif obs_growth_rate is not None and obs_growth_rate > steady:
        evidence = (given("obs_growth_rate", obs_growth_rate, ">", steady), given("obs_growth", obs_growth))
    else:
        return []
    return [Finding("The state runs away.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Reduce the time step, or end the episode when the state leaves its sensible range",
        "a state that has diverged teaches nothing",
        confirm="growth",
        verify="obs_growth falls to tens",
    ),
)

FIRES = (
    synthetic("doubles every step", obs_growth=1e5),
    synthetic("slower", obs_growth=9e3),
    synthetic("by a fifth at every step of short episodes", obs_growth=4.0, obs_growth_rate=1.2),
)
SILENT = (
    synthetic("stays", obs_growth=1.2),
    synthetic("a pole falls", obs_growth=30.0, obs_growth_rate=0.9),
)
