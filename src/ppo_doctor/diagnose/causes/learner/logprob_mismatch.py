"""The stored log-probability is not that of the stored action under the policy that acted.

What it is
Sampling and scoring differ: a temperature that scales the samples but not the log-probability, a sum over action
parts that is missing, a squashing term, a mask, or a fresh sample scored instead of the stored one.

How it looks
The ratio is off from one before the first gradient step. KL and clip fraction are large, or the estimated KL
negative, from the first update on; learning is erratic or absent.

What it is confused with
With buffer-aliased, where the observation changed meanwhile. With dropout-active, where two passes differ by chance.
With stored-action-clipped, where the action changed.

How to confirm
Recompute the log-probability of stored observations and actions before any update: `log_prob_error` must be float
error.

What to do
Use one function for sampling and scoring; store what was sampled; let temperature and mask enter both.

References
Huang et al. 2022, detail 13; real-cases operators M14, M17 and M18.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=1.5,
    course="poor",
    predicts={
        "always": (
            "log-prob-mismatch",
            "reference-learner-helps",
        ),
        "often": (
            "first-ratio-error",
            "movement-without-steps",
            "kl-spike",
        ),
        "sometimes": (
            "kl-negative",
            "ratio-leaves-range",
            "stopped-at-once",
            "policy-churns",
            "sampling-differs",
            "policy-gradient-turned",
            "policy-gradient-rescaled",
            "critic-learns-in-vain",
            "critic-blind",
            "rewarded-return-falls",
        ),
    },
    confirm="logprob_recompute",
    remedies=(
        Remedy(
            "Sample and score by the same function, temperature and mask included",
            "the ratio compares two policies only if both are scored alike",
            confirm="logprob_recompute",
            verify="first_ratio_error is float error",
        ),
    ),
)

EXAMPLES = (
    synthetic("ratio off before the first step", first_ratio_error=[0.4] * 12, log_prob_error=0.6),
    synthetic("ratio off, in a log only", first_ratio_error=[0.4] * 12),
)
