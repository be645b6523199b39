"""Stored observations are overwritten after they were stored.

What it is
The environment returns its own buffer, and the rollout keeps a reference. By the time of the update, rows show a
later state.

How it looks
Recomputed log-probabilities and values differ from stored ones, often by a lot; learning is weak; evaluation may pair
the next observation with the previous action.

What it is confused with
With logprob-mismatch, where observations are right. With observation-stale, where the agent already acted on the
wrong one.

How to confirm
Hash observations when they are stored and again at the update: `obs_aliased_frac` above zero.

What to do
Copy the observation when it is stored.

References
SuperSuit pull request 116; rsl_rl issue 222; real-cases operator M20.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.8,
    course="poor",
    predicts={
        "always": ("reference-learner-helps",),
        "often": (
            "observations-aliased",
            "advantages-cleared",
        ),
        "sometimes": (
            "first-ratio-error",
            "log-prob-mismatch",
            "advantage-mismatch",
            "kl-spike",
            "explained-variance-low",
            "policy-still",
            "critic-learns-alone",
            "critic-learns-in-vain",
            "critic-blind",
            "rewarded-return-falls",
            "movement-without-steps",
            "kl-exactly-zero",
        ),
    },
    confirm="observations_aliased",
    remedies=(
        Remedy(
            "Copy observations when they are stored",
            "a reference shows the future",
            confirm="observations_aliased",
            verify="obs_aliased_frac is zero",
        ),
    ),
)

EXAMPLES = (synthetic("rows change after storing", obs_aliased_frac=0.8, first_ratio_error=[0.5] * 12),)
