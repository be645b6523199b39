"""The reward of the same behaviour changes during training.

What it is
A running normaliser, a curriculum, a step counter or a moving reference enters the reward. The critic chases a target
that moves although the policy does not.

How it looks
The mean reward changes its level while the KL is small; explained variance falls at the change and recovers.

What it is confused with
With policy-drift and return-lost by the policy itself: there the KL or the entropy moves first. With a harder
curriculum, which is meant.

How to confirm
Replay a fixed policy at two times and compare its rewards.

What to do
Take the counter out of the reward, freeze the normaliser, or show the agent what changes.

References
Engstrom et al. 2020 on reward normalisation; real-cases operator M44.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=1.0,
    course="poor",
    predicts={
        "often": ("reference-beaten", "reference-below-random", "reward-shifts", "reward-turns"),
        "sometimes": (
            "explained-variance-low",
            "return-lost",
            "value-bias",
            "worse-than-first",
            "drift",
            "movement-without-steps",
        ),
    },
    confirm="reward_terms",
    remedies=(
        Remedy(
            "Take what changes with time out of the reward",
            "the same behaviour must be paid the same",
            confirm="reward_terms",
            verify="reward_mean of a fixed policy stays",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "the level changes, the policy does not",
        reward_mean=[1.0, 1.01, 0.99, 1.0] * 5 + [0.3, 0.31, 0.29, 0.3] * 5,
        approx_kl_mean=[1e-4] * 40,
    ),
)
