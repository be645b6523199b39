"""The KL stop ends nearly every update at once.

What it is
The target is far below what one gradient step makes. Most of the configured epochs never run.

How it looks
Updates end after one or a few gradient steps; KL tiny; the return crawls; the log shows the early stop in nearly
every update.

What it is confused with
With logprob-mismatch and dropout-active, where the KL is large before any step: the first ratio tells. With
learning-rate-too-high, where the stop is right. With learning-rate-too-low.

How to confirm
Count the gradient steps taken against those configured; train again without the target (`ppo-doctor trial`).

What to do
Raise the target to two hundredths, or lower the learning rate if the KL of single steps is large.

References
Schulman 2017; a case study whose target was below the noise of the estimate.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.8,
    course="poor",
    innocent=True,
    predicts={
        "often": ("stopped-at-once", "target-kl-tight", "updates-too-small", "without-target-kl-helps"),
        "sometimes": (
            "still-improving",
            "longer-training-helps",
            "entropy-at-maximum",
            "policy-still",
            "critic-learns-alone",
            "critic-learns-in-vain",
            "policy-ignores-state",
            "explained-variance-low",
            "critic-blind",
            "value-bias",
            "gradient-is-noise",
        ),
        "rarely": ("kl-spike",),
        "never": (
            "first-ratio-error",
            "log-prob-mismatch",
        ),
    },
    confirm=None,
    remedies=(
        Remedy(
            "Raise the target KL to two hundredths",
            "the configured epochs then run",
            change={"target_kl": "0.02"},
            verify="gradient_steps grows",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "stopped after the first step",
        early_stopped=[1.0] * 12,
        gradient_steps=[1.0 * k for k in range(1, 13)],
        target_kl=1e-5,
        first_ratio_error=[1e-7] * 12,
        approx_kl_mean=[2e-5] * 12,
        mean_ep_return=[22.0, 21.0, 22.5, 21.5] * 3,
    ),
)
