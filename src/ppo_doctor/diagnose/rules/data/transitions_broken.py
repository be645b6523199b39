"""DAT117 transitions-broken."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("DAT117", severity="critical")
def transitions_broken(
    transition_gap_frac: float, obs_aliased_frac: float | None = None, *, limit: float = 0.0
) -> list[Finding]:
    """The stored next observation is not the next stored observation.

    Looks at
    The share of rows, ends left out, whose next observation is not the observation of the row that follows in the
    same stream: above `limit`. Silent where stored observations are known to have changed: they are what is wrong then.

    Why it matters
    A difference between two strangers is no advantage: returns cannot be predicted, and credit is noise.

    When it is wrong
    Where observations are normalised by statistics that change between the two, compare raw ones.

    What to do
    Keep time, streams and agents on separate axes until advantages are computed.

    References
    Huang et al. 2022, The 37 Implementation Details of PPO (vectorised architecture).
    """
    if transition_gap_frac <= limit or (obs_aliased_frac is not None and obs_aliased_frac > limit):
        return []
    return [Finding("What is treated as a trajectory is none.", (given("transition_gap_frac", transition_gap_frac, ">", limit),), REMEDIES)]


REMEDIES = (Remedy("Keep time and streams on separate axes until advantages are computed", "the next row must be the next step", confirm="gae_recompute", verify="explained_variance rises"),)

FIRES = (synthetic("streams mixed", transition_gap_frac=0.5),)
SILENT = (synthetic("linked", transition_gap_frac=0.0), synthetic("linked, many agents", transition_gap_frac=0.0, n_agents=4), synthetic("overwritten", transition_gap_frac=0.9, obs_aliased_frac=0.9),)
