"""Steps are too large: updates leave the region in which the surrogate is valid.

What it is
The learning rate is too high for the batch, the network or the advantage's scale. Each update overshoots; what was
learnt is destroyed, or nothing is ever learnt.

How it looks
KL and clip fraction far above the usual from the first updates on, ratios far outside the clip, entropy collapsing
within a few updates, spikes of the value loss; return falls after spikes.

What it is confused with
With too-many-epochs, whose first epoch is fine. With overshoot, a single event. With logprob-mismatch, where the KL
is large before the first step. With advantage-not-normalised at a large scale.

How to confirm
Halve the rate: the KL falls in proportion, and the return holds.

What to do
Halve it until the mean KL is below two hundredths; let it decay; stop the update at a target KL.

References
Schulman et al. 2017; Andrychowicz et al. 2021; Engstrom et al. 2020.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=4.0,
    course="any",
    innocent=True,
    predicts={
        "often": ("lower-learning-rate-helps", "learning-rate-extreme", "kl-spike"),
        "sometimes": (
            "return-lost",
            "overshoot",
            "ratio-leaves-range",
            "best-far-behind",
            "worse-than-first",
            "below-baseline",
            "entropy-collapse",
            "policy-churns",
            "greedy-constant",
            "policy-ignores-state",
            "critic-takes-gradient",
            "many-passes",
            "dormant-units-grow",
            "rank-collapses",
            "return-flat",
            "not-above-random",
            "explained-variance-low",
            "nonfinite",
            "std-collapses",
            "gradient-zero",
            "updates-too-small",
            "critic-blind",
            "movement-without-steps",
        ),
        "rarely": (
            "still-improving",
            "surrogate-not-improved",
            "greedy-below-sampled",
            "gradient-is-noise",
            "worst-block-falls",
            "value-bias",
            "constant-action-pays",
            "critic-constant",
            "first-ratio-error",
            "log-prob-mismatch",
            "learning-rate-low",
            "rewarded-return-falls",
        ),
    },
    confirm=None,
    remedies=(
        Remedy(
            "Halve the learning rate until the mean KL is in its usual range",
            "the KL is what the rate is for",
            change={"learning_rate": "x0.5"},
            verify="approx_kl_mean falls and the return holds",
        ),
        Remedy("Stop the update at a target KL", "one bad update then cannot undo many", change={"target_kl": "0.02"}),
    ),
)

EXAMPLES = (
    synthetic(
        "a rate of a tenth",
        learning_rate=[0.1] * 12,
        approx_kl_mean=[0.5, 0.8, 1.5, 2.0] * 3,
        clip_frac=[0.6] * 12,
        mean_ep_return=[22.0, 15.0, 10.0, 9.4] + [9.3] * 8,
    ),
    synthetic(
        "spikes, and a return that breaks",
        learning_rate=[0.01] * 16,
        approx_kl_max=[0.02] * 6 + [3.0, 2.5] * 5,
        mean_ep_return=[20.0, 60.0, 100.0, 120.0, 130.0, 135.0] + [40.0, 25.0, 20.0, 22.0, 21.0] * 2,
    ),
)
