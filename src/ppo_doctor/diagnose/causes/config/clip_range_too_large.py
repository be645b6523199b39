"""The clip is so wide that nothing limits an update.

What it is
A clip of a half or more, or none. Ratios run away within an update, and the surrogate is trusted where it means
nothing.

How it looks
Low clip fraction with a large KL, ratios far from one, breakdowns after large updates.

What it is confused with
With learning-rate-too-high: there ratios leave a sensible clip. With too-many-epochs, which needs the wide clip to do
harm. With overshoot.

How to confirm
Set the clip to two tenths for one run: the KL falls.

What to do
Use two tenths; add a target KL.

References
Schulman et al. 2017; Moalla et al. 2024 on ratios that leave the clip.
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
        "often": ("narrower-clip-helps",),
        "rarely": (
            "still-improving",
            "surrogate-not-improved",
            "greedy-below-sampled",
            "gradient-is-noise",
            "worst-block-falls",
            "value-bias",
            "constant-action-pays",
            "critic-constant",
        ),
        "always": ("clip-range-wide",),
        "sometimes": (
            "below-baseline",
            "explained-variance-low",
            "kl-spike",
            "overshoot",
            "many-passes",
            "policy-churns",
            "entropy-collapse",
            "ratio-leaves-range",
            "return-lost",
            "best-far-behind",
        ),
    },
    confirm=None,
    remedies=(
        Remedy(
            "Narrow the clip to two tenths",
            "it is the only limit of a plain update",
            change={"clip_coef": "0.2"},
            verify="approx_kl_max falls",
        ),
    ),
)

EXAMPLES = (
    synthetic("a clip of ten", clip_coef_start=10.0, approx_kl_max=[0.5, 1.5, 2.0, 1.2] * 3, clip_frac=[0.0] * 12),
)
