"""The mask the policy sees is not the one the environment enforces.

What it is
The mask is stale by one step, off by one index, built for another agent, or forgotten in the update. Legal actions
are hidden, or illegal ones offered and then refused, punished or silently replaced.

How it looks
Invalid actions reach the environment although a mask exists; the policy settles on the few actions that work; ratios
differ from one if collection and update use different masks.

What it is confused with
With action-ignored, if refused actions become no-ops. With logprob-mismatch, if only the update forgets the mask.
With noop-collapse, if everything but the no-op is masked.

How to confirm
Try every action in sampled states and compare with the mask: `mask_mismatch_frac` above zero.

What to do
Build mask and observation in one place from the state after the step; store the mask in the buffer and use it in the
update.

References
Huang and Ontanon 2022 on invalid action masking; sb3-contrib issue 75.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=1.2,
    course="poor",
    predicts={
        "rarely": ("reference-beaten",),
        "always": ("mask-mismatch",),
        "often": ("invalid-actions",),
        "sometimes": (
            "first-ratio-error",
            "log-prob-mismatch",
            "avoidable-noop",
            "stored-action-differs",
            "critic-learns-in-vain",
        ),
    },
    confirm="mask_consistency",
    remedies=(
        Remedy(
            "Compute the mask from the state that the policy is about to act in",
            "a mask of the step before is wrong wherever something happened",
            confirm="mask_consistency",
            verify="mask_mismatch_frac falls to zero",
        ),
        Remedy(
            "Store the mask with the action and use it in the update",
            "another mask is another policy",
            confirm="logprob_recompute",
            verify="first_ratio_error is float error",
        ),
    ),
)

EXAMPLES = (
    synthetic("mask and environment disagree", mask_mismatch_frac=0.2),
    synthetic("forbidden actions arrive", mask_mismatch_frac=0.1, invalid_frac=[0.1, 0.12, 0.09] * 4),
)
