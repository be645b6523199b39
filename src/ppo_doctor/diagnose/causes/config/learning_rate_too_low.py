"""Steps are so small that the policy hardly moves.

What it is
The learning rate is too low for the budget, or decays to nothing long before the end. Everything is right, and slow.

How it looks
KL of a tenth of the usual or less, clip fraction zero, entropy nearly unchanged, the return flat or crawling upward;
explained variance rises slowly.

What it is confused with
With still-improving, whose KL is in the usual range. With target-kl-too-tight and clip-range-too-small, where updates
are cut. With optimiser-misses-parameters, where part does not move at all. With a missing gradient: then more
learning rate does not help.

How to confirm
Raise the rate by three: the KL rises in proportion and the return moves.

What to do
Raise it until the mean KL is about a hundredth.

References
Andrychowicz et al. 2021; Schulman 2017 on the usual KL.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=2.5,
    course="any",
    innocent=True,
    predicts={
        "often": (
            "higher-learning-rate-helps",
            "learning-rate-low",
            "updates-too-small",
            "policy-still",
            "nothing-moves",
        ),
        "sometimes": (
            "below-baseline",
            "return-flat",
            "not-above-random",
            "critic-takes-gradient",
            "learning-rate-extreme",
            "adam-epsilon-large",
            "learning-rate-zero",
            "schedule-ends-early",
            "entropy-at-maximum",
            "still-improving",
            "longer-training-helps",
            "explained-variance-low",
            "critic-constant",
            "smaller-epsilon-helps",
        ),
        "rarely": (
            "greedy-below-sampled",
            "gradient-is-noise",
            "greedy-constant",
            "evaluation-does-not-follow",
            "worst-block-falls",
            "constant-action-pays",
            "value-bias",
            "policy-ignores-state",
            "kl-spike",
            "gradient-zero",
            "critic-learns-alone",
            "critic-learns-in-vain",
            "kl-exactly-zero",
        ),
    },
    confirm=None,
    remedies=(
        Remedy(
            "Raise the learning rate by three, twice at most",
            "the KL tells when it is enough",
            change={"learning_rate": "x3"},
            verify="approx_kl_mean comes near a hundredth",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "a millionth",
        learning_rate=[1e-7] * 12,
        approx_kl_mean=[1e-7] * 12,
        clip_frac=[0.0] * 12,
        mean_ep_return=[22.0, 21.0, 22.5, 21.5] * 3,
    ),
)
