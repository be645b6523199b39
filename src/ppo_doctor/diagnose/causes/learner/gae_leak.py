"""The advantage recursion runs on across the ends of episodes.

What it is
The factor that stops the recursion at an end is missing, shifted by one, or multiplies the wrong term. Rewards of the
next episode are credited to the last one.

How it looks
Advantages are right in the middle of episodes and wrong near their ends; targets grow with the length of the rollout;
learning is slow or flat, worst with short episodes.

What it is confused with
With no-bootstrap, wrong only at time limits and at the end of the rollout: recomputing without the cut tells. With
done-flag-lost, where the flag itself is missing. With agents-interleaved.

How to confirm
Recompute the advantages from stored rewards, values and ends: `gae_error` is large, and vanishes if the reference
ignores ends too.

What to do
Multiply the recursion and the next value by one minus the end flag of the same step.

References
hands-on-modern-rl issue 63; real-cases operators M01 and M07.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=1.0,
    course="poor",
    predicts={
        "always": (
            "advantage-mismatch",
            "advantage-leaks",
            "reference-learner-helps",
        ),
        "sometimes": (
            "explained-variance-low",
            "value-bias",
            "critic-constant",
            "critic-learns-in-vain",
            "rewarded-return-falls",
        ),
    },
    confirm="gae_recompute",
    remedies=(
        Remedy(
            "Cut the recursion where an episode ends",
            "credit must not cross a reset",
            confirm="gae_recompute",
            verify="gae_error is float error",
        ),
    ),
)

EXAMPLES = (synthetic("wrong where episodes end", gae_error=2.0, gae_wrong_at_ends=1.0, gae_wrong_at_last=0.0),)
