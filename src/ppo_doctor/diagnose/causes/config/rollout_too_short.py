"""A rollout holds too little to learn from.

What it is
A few steps an update: less than an episode, fewer rows than a stable gradient needs. Advantages are mostly bootstrap,
and the critic decides everything.

How it looks
Halves of a batch disagree, KL jumps about, explained variance swings, results swing with the seed; tasks with late
rewards do not learn.

What it is confused with
With discount-too-low, which also hides late rewards. With gradient noise for want of any signal: a longer rollout
then does not help.

How to confirm
Lengthen the rollout by four: the cosine of half batches rises; or train again with a usual one (`ppo-doctor trial`).

What to do
More steps per environment, or more environments; scale the minibatch along.

References
Andrychowicz et al. 2021; McCandlish et al. 2018; Stable-Baselines3 issue 766.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=2.0,
    course="poor",
    predicts={
        "always": ("rollout-tiny",),
        "often": ("gradient-is-noise", "longer-rollout-helps"),
        "sometimes": (
            "explained-variance-low",
            "kl-spike",
            "minibatch-of-one",
            "nonfinite",
            "policy-churns",
            "one-gradient-step",
        ),
    },
    confirm=None,
    remedies=(
        Remedy(
            "Lengthen the rollout by four, and the minibatch with it",
            "a gradient needs rows",
            change={"n_steps": "x4"},
            verify="half_batch_cosine rises",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "eight rows an update",
        rollout_rows=8.0,
        n_envs=1.0,
        n_steps=8.0,
        half_batch_cosine=[0.01] * 12,
        mean_ep_return=[22.0, 21.0, 22.5, 21.5] * 3,
    ),
)
