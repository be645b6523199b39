"""Episodes end, but the learner never hears of it.

What it is
The environment resets itself and the end flag is dropped, overwritten or stored one step off. Rewards of the next
episode flow back into the last one.

How it looks
Episodes are counted, but no end is stored. Targets grow with the length of the rollout, explained variance is low,
learning is slow or absent, worst in short episodes.

What it is confused with
With gae-leak, where the flag is stored but the recursion ignores it. With no-bootstrap and timeout-as-terminal, which
mistreat a flag that exists.

How to confirm
Count resets and stored ends in one rollout: `done_mismatch` must be zero.

What to do
Pass the flag through every wrapper; store the flag of the step that ended.

References
PufferDrive pull request 208 (resets invisible to the learner); real-cases operator M01.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.8,
    course="poor",
    predicts={
        "often": (
            "explained-variance-low",
            "ends-do-not-match",
            "done-flag-lost",
            "no-episode-ends",
            "episode-limit-overrun",
            "time-limit-not-kept",
            "critic-blind",
            "return-not-recorded",
        ),
        "sometimes": (
            "reward-unreached",
            "advantage-mismatch",
            "value-bias",
            "reward-ignores-actions",
            "reward-terms-ignore-actions",
            "no-headroom",
            "reward-sparse",
            "reward-constant",
            "gradient-always-clipped",
            "return-scale-large",
            "updates-too-small",
        ),
        "never": (
            "ends-invented",
            "every-step-terminal",
            "one-step-episodes",
        ),
    },
    confirm="stored_ends",
    remedies=(
        Remedy(
            "Store the end of an episode with the step that ended it",
            "credit must not cross a reset",
            confirm="stored_ends",
            verify="done_mismatch is zero",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "resets without stored ends",
        done_mismatch=0.03,
        n_episodes=[8.0] * 12,
        terminated_frac=[0.0] * 12,
        truncated_frac=[0.0] * 12,
    ),
)
