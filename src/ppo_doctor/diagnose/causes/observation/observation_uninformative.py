"""The observation does not hold what the decision depends on.

What it is
The features that tell good from bad are missing, aggregated away, or the same for every option. Even a supervised
model cannot predict the best action from the observation.

How it looks
Actions matter, headroom exists, and still the policy settles on one constant action or stays uniform; it ignores the
state; explained variance has a low ceiling.

What it is confused with
With no-headroom: there no policy is better, seen or not. With reward-ignores-decisions: there nothing to know would
help. With observation-constant, a crude form, as is an observation that is nothing but noise (`observation-is-noise`).
With privacy-noise-too-large, where the answer lies beneath the noise. With learner faults: on an environment with a
known answer the same learner works.

How to confirm
Fit a supervised model from observation to best action: `observation_predicts_action` near zero on held-out states.

What to do
Add the features that the best known rule uses, per option where options are compared.

References
Case studies of schedulers that saw totals instead of tasks; Singh et al. 1994 on state aliasing.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=2.5,
    course="flat",
    predicts={
        "always": ("observation-uninformative",),
        "often": (
            "policy-ignores-state",
            "explained-variance-low",
            "action-meaning-hidden",
            "effects-unseen",
            "critic-blind",
        ),
        "sometimes": (
            "observation-is-noise",
            "greedy-constant",
            "entropy-at-maximum",
            "constant-action-pays",
            "constant-action-optimal",
            "critic-constant",
            "gradient-is-noise",
            "no-headroom",
        ),
        "rarely": (
            "observation-stale",
            "observation-noise-large",
            "reward-ignores-actions",
            "critic-learns-in-vain",
        ),
        "never": (
            "action-ignored",
            "state-frozen",
            "observation-constant",
        ),
    },
    confirm="observability",
    remedies=(
        Remedy(
            "Show the agent what the best known rule looks at",
            "what cannot be seen cannot be learnt",
            confirm="observability",
            verify="observation_predicts_action rises",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "no model predicts the best action",
        observation_predicts_action=0.0,
        observation_predicts_return=0.0,
        headroom=3.0,
    ),
)
