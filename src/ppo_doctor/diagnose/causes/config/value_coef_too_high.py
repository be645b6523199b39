"""The value loss takes the shared gradient.

What it is
Its weight, times its scale, exceeds the policy's part by orders of magnitude, and the norm clip scales both down
together.

How it looks
Gradients always clipped, value gradient far above the policy's, KL tiny, critic fine, policy slow.

What it is confused with
With reward-scale-too-large, where the weight is sane and returns are not. With learning-rate-too-low, without a clip
at work.

How to confirm
Compare the gradient norms of the two terms before the clip.
A log without the settings and without gradient norms (SB3's progress.csv) cannot show it: it looks like updates that
are too small.

What to do
Lower the weight, separate the networks, or normalise returns.

References
Andrychowicz et al. 2021; anchors on the critic's share of the clipped gradient.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.6,
    course="any",
    innocent=True,
    predicts={
        "often": ("smaller-value-coefficient-helps",),
        "always": (
            "value-coefficient-large",
            "policy-still",
            "critic-learns-alone",
        ),
        "sometimes": (
            "below-baseline",
            "still-improving",
            "longer-training-helps",
            "return-flat",
            "not-above-random",
            "critic-takes-gradient",
            "gradient-always-clipped",
            "updates-too-small",
            "entropy-at-maximum",
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
            "return-scale-large",
            "explained-variance-low",
        ),
        "never": (
            "nothing-moves",
            "critic-blind",
            "kl-exactly-zero",
        ),
    },
    confirm=None,
    remedies=(
        Remedy(
            "Lower the weight of the value loss by ten",
            "the clip then leaves the policy its part",
            change={"vf_coef": "x0.1"},
            verify="approx_kl_mean rises",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "a weight of fifty",
        vf_coef=50.0,
        grad_norm_value=[40.0] * 12,
        grad_norm_policy=[0.05] * 12,
        grad_clipped_frac=[1.0] * 12,
    ),
)
