"""The clip stops the policy long before the trust region would.

What it is
A clip of a few hundredths, or one that decays to nothing. Most rows are clipped after the first minibatch and give no
gradient.

How it looks
A large clip fraction together with a tiny KL; the return crawls.

What it is confused with
With target-kl-too-tight, where epochs end instead. With learning-rate-too-high, whose clip fraction comes with a
large KL. With learning-rate-too-low, where nothing is clipped.

How to confirm
Set the clip to two tenths for one run: clip fraction falls, KL rises.

What to do
Use two tenths unless there is a reason.

References
Schulman et al. 2017; Andrychowicz et al. 2021.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.5,
    course="any",
    innocent=True,
    predicts={
        "rarely": (
            "greedy-below-sampled",
            "gradient-is-noise",
            "greedy-constant",
            "evaluation-does-not-follow",
            "worst-block-falls",
            "constant-action-pays",
            "value-bias",
            "policy-ignores-state",
        ),
        "always": ("clip-range-narrow",),
        "often": (
            "wider-clip-helps",
            "clip-range-small",
            "policy-still",
        ),
        "sometimes": (
            "critic-learns-alone",
            "return-flat",
            "not-above-random",
            "explained-variance-low",
            "critic-takes-gradient",
            "updates-too-small",
            "entropy-at-maximum",
            "still-improving",
            "longer-training-helps",
            "below-baseline",
        ),
    },
    confirm=None,
    remedies=(
        Remedy(
            "Widen the clip to two tenths",
            "the KL shows there is room",
            change={"clip_coef": "0.2"},
            verify="clip_frac falls and approx_kl_mean rises",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "everything clipped, nothing moves",
        clip_coef_start=0.001,
        clip_frac=[0.8] * 12,
        approx_kl_mean=[1e-6] * 12,
        mean_ep_return=[22.0, 21.0, 22.5, 21.5] * 3,
    ),
)
