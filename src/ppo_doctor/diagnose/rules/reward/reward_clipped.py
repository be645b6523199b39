"""REW110 reward-clipped."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("REW110", severity="warning")
def reward_clipped(reward_clipped_frac: float, *, limit: float = 0.05) -> list[Finding]:
    """A clip or a saturating transformation changes many rewards.

    Looks at
    The probe's share of rewards that were changed, above `limit`.

    Why it matters
    Beyond the clip good and better are paid the same, and bad and worse. The policy optimises another task.

    When it is wrong
    Clipping to the sign is a known choice for games, where most rewards are changed by design.

    What to do
    Scale rewards instead of clipping them, or clip far outside the usual range.

    References
    van Hasselt et al. 2016: clipping changes the task; Huang et al. 2022, reward clipping.
    """
    if reward_clipped_frac <= limit:
        return []
    evidence = (given("reward_clipped_frac", reward_clipped_frac, ">", limit),)
    return [Finding("Rewards lose their order of size before they are learnt from.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Divide by a running spread instead of clipping",
        "scale is what was to be removed, not differences",
        confirm="reward_audit",
        verify="reward_clipped_frac falls to a few in a thousand",
        change={"normalize_reward": "true"},
    ),
)

FIRES = (synthetic("a third is cut", reward_clipped_frac=0.3), synthetic("all of them", reward_clipped_frac=1.0))
SILENT = (synthetic("none", reward_clipped_frac=0.0), synthetic("outliers only", reward_clipped_frac=0.001))
