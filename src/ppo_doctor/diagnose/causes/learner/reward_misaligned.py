"""Rewards are stored with the wrong step.

What it is
The reward of the step before, or after, is stored beside the present action. On dense rewards it blurs credit by a
step; on sparse or one-step tasks it credits the wrong action entirely.

How it looks
Silent where rewards are dense and smooth; flat where they are sparse or episodes short.

What it is confused with
With gae-leak, wrong only near ends. With reward-sparse. With buffer-aliased, where observations are late instead.

How to confirm
Compare stored rewards with those that followed the stored actions: `reward_misaligned_frac` above zero.

What to do
Store observation, action, reward and end of one step in one call.

References
spinningup issue 50; real-cases operator M08.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.6,
    course="poor",
    predicts={
        "always": (
            "reward-misaligned",
            "reference-learner-helps",
        ),
        "sometimes": (
            "explained-variance-low",
            "gradient-is-noise",
            "return-flat",
            "critic-learns-in-vain",
            "rewarded-return-falls",
        ),
    },
    confirm="gae_recompute",
    remedies=(
        Remedy(
            "Store a whole step at once",
            "what is written apart drifts apart",
            confirm="gae_recompute",
            verify="reward_misaligned_frac is zero",
        ),
    ),
)

EXAMPLES = (synthetic("rewards one step late", reward_misaligned_frac=0.9),)
