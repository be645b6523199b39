"""Advantages enter the loss at the scale of the reward.

What it is
Standardisation is off while the spread of advantages is far from one: the step is far too large or far too small, and
changes as returns grow.

How it looks
The KL and clip fraction follow the scale of returns; with large advantages spikes and early stops, with small ones
hardly any movement; the entropy bonus means something else at every stage.

What it is confused with
With reward-scale-too-large, which also hurts the critic. With learning-rate-too-high or too-low: one changes with the
return's scale, the other does not.

How to confirm
Compare the advantage's spread with one while the setting is off.

What to do
Standardise advantages per minibatch, or scale rewards.

References
Andrychowicz et al. 2021; real-cases operators M21 and M22.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.8,
    course="poor",
    predicts={
        "always": (
            "policy-gradient-rescaled",
            "reference-learner-helps",
        ),
        "often": ("surrogate-beyond-clip",),
        "sometimes": (
            "advantages-unscaled",
            "policy-gradient-turned",
            "surrogate-not-improved",
            "kl-spike",
            "updates-too-small",
            "gradient-always-clipped",
            "entropy-bonus-dominates",
            "entropy-collapse",
            "return-scale-large",
        ),
    },
    confirm=None,
    remedies=(
        Remedy(
            "Standardise advantages per minibatch",
            "the step then does not depend on the reward's unit",
            change={"normalize_advantage": "1"},
            verify="approx_kl_mean stays in its usual range",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "off, at a large scale", policy_gradient_scale=400.0, normalize_advantage=0.0, advantage_std=[400.0] * 12
    ),
)
