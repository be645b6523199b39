"""A clip or a saturating transformation removes what rewards should tell apart.

What it is
Rewards are clipped to a small interval, or squashed, where many lie outside. Large and small successes are paid
alike.

How it looks
Reward extremes sit exactly on a bound; the agent collects many small rewards and ignores large ones.

What it is confused with
With reward-sparse, where the clip catches all that random play earns: there the usual reward is nothing, here it is
the bound. With reward-term-dominates. With reward-outlier, which a clip is supposed to cure.

How to confirm
Count the rewards the clip changes: `reward_clipped_frac` large. They lie on one number at the end of a continuum.

What to do
Scale instead of clipping; clip only far outside the usual range.

References
Mnih et al. 2015 on reward clipping; van Hasselt et al. 2016 on its cost.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.7,
    course="poor",
    predicts={
        "always": ("reward-clipped",),
        "sometimes": (
            "outcome-fixed",
            "static-outcomes",
            "reward-sparse",
            "no-headroom",
            "reward-needs-skill",
            "constant-action-pays",
            "reward-constant",
            "explained-variance-low",
            "returns-hardly-vary",
            "episode-return-tiny",
        ),
    },
    confirm="reward_audit",
    remedies=(
        Remedy(
            "Divide by the spread instead of clipping",
            "the order of rewards must survive",
            confirm="reward_audit",
            verify="reward_clipped_frac falls",
            change={"normalize_reward": "1"},
        ),
    ),
)

EXAMPLES = (synthetic("most rewards at the clip", reward_clipped_frac=0.7),)
