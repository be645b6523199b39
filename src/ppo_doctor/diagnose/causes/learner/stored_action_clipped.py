"""The clipped or rescaled action is stored instead of the sampled one.

What it is
The action is brought into its bounds before it is stored, but its log-probability is that of the raw sample; or
scaling in place alters the stored array.

How it looks
The first ratio is off where samples were out of bounds; with a wide policy that is most of the time. Unstable, the
spread misbehaves.

What it is confused with
With executed-action-differs, where the stored action is the raw one. With logprob-mismatch, which has nothing to do
with bounds. With action-bounds.

How to confirm
Compare the stored action with what the policy sampled; `first_ratio_error` is large where actions lie at bounds.

What to do
Store the sample, clip only for the environment.

References
cleanrl issue 240; garage issue 291; real-cases operator M15.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=1.0,
    course="poor",
    predicts={
        "always": (
            "stored-actions-tied",
            "log-prob-mismatch",
            "reference-learner-helps",
        ),
        "often": (
            "first-ratio-error",
            "movement-without-steps",
        ),
        "sometimes": (
            "stored-action-differs",
            "action-saturated",
            "std-grows",
            "kl-spike",
            "std-collapses",
            "policy-gradient-turned",
            "policy-gradient-rescaled",
            "critic-learns-in-vain",
            "rewarded-return-falls",
        ),
    },
    confirm="stored_actions",
    remedies=(
        Remedy(
            "Store the sample, clip a copy for the environment",
            "the log-probability belongs to the sample",
            confirm="stored_actions",
            verify="first_ratio_error is float error",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "ratio off, stored actions differ",
        first_ratio_error=[0.5] * 12,
        stored_action_error=0.3,
        stored_action_tied=0.3,
        log_prob_error=2.0,
        action_at_bound_frac=0.3,
    ),
)
