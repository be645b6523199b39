"""The action that was executed is not the one that is learnt from.

What it is
A consensus, a safety layer, an exploration wrapper or an action repeat replaces the action, while the buffer keeps
the agent's own. Credit goes to choices that never happened.

How it looks
The first ratio is one, everything is consistent inside the learner, and still the return hardly moves; the critic
learns well.

What it is confused with
With action-ignored, where nothing arrives at all. With stored-action-clipped, where only the clip differs. With
logprob-mismatch, which shows in the ratio.

How to confirm
Record what the environment executed and compare: `stored_action_error` above zero.

What to do
Learn from the executed action with its probability under the policy, or make the override part of the environment.

References
garage issue 291; multi-agent case study in which the vote was executed and each agent trained on its own.
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
            "stored-action-differs",
            "reference-learner-helps",
        ),
        "often": (
            "critic-learns-in-vain",
            "rewarded-return-falls",
        ),
        "sometimes": (
            "gradient-is-noise",
            "entropy-at-maximum",
            "updates-too-small",
            "action-ignored",
            "policy-ignores-state",
        ),
    },
    confirm="stored_actions",
    remedies=(
        Remedy(
            "Let the override be part of the environment",
            "then the agent's action is what was done",
            confirm="stored_actions",
            verify="stored_action_error is zero",
        ),
    ),
)

EXAMPLES = (synthetic("another action was executed", stored_action_error=0.4, first_ratio_error=[1e-7] * 12),)
