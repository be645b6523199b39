"""The agent does not care for what comes late enough to matter.

What it is
The horizon of the discount is a fraction of the time between decision and consequence. Greedy, short-sighted
behaviour is optimal under the objective.

How it looks
The optimised, discounted return rises and is well explained; the undiscounted return, or the metric, does not follow;
long episodes plateau low.

What it is confused with
With reward-sparse. With observation-uninformative. With a true bandit, where a low discount is right.

How to confirm
Compare the horizon, one over one minus gamma, with the delay from an action to its effect (`credit_delay`). The
configured discount may not be the one in use: `discount_in_use` is fitted to the advantages.
A log without the settings (SB3's progress.csv) cannot show it: all of its columns may look healthy.

What to do
Raise gamma until the horizon covers the delay.

References
Schulman, The Nuts and Bolts of Deep RL; Jiang et al. 2015 on planning horizons.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=1.0,
    course="poor",
    innocent=True,
    predicts={
        "rarely": (
            "gradient-is-noise",
            "return-lost",
            "best-far-behind",
            "worse-than-first",
            "reward-term-dominates",
            "greedy-below-sampled",
        ),
        "always": ("discount-short",),
        "sometimes": (
            "explained-variance-low",
            "return-flat",
            "not-above-random",
            "greedy-constant",
            "constant-action-pays",
            "avoidable-noop",
            "critic-learns-in-vain",
        ),
        "often": (
            "advantage-mismatch",
            "recursion-differs",
            "discount-shortened",
            "reference-learner-helps",
            "higher-discount-helps",
            "discount-extreme",
            "targets-hardly-vary",
            "rewarded-return-falls",
        ),
    },
    confirm="credit_delay",
    remedies=(
        Remedy(
            "Raise gamma until the horizon covers the delay",
            "what is discounted away cannot be learnt",
            change={"gamma": "0.99"},
            verify="the undiscounted return rises",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "a horizon of two steps", gamma=0.5, mean_ep_length=[200.0] * 12, mean_ep_return=[22.0, 21.0, 22.5, 21.5] * 3
    ),
)
