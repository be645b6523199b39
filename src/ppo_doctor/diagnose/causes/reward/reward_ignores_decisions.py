"""What is paid does not depend on what is decided.

What it is
Actions change the state, but the reward is computed from something they do not reach: arrivals, a fixed sequence, a
total that comes out the same in any order.

How it looks
The return varies between episodes but not between policies. Entropy stays at its maximum, the critic may predict
well, advantages are noise.

What it is confused with
With no-headroom: there decisions do move the return, only not for the better. With action-ignored: there they do not
even reach the state; in episodes of one step no next state can show an action, and the two cannot be told apart. With
reward-constant: there the reward does not vary at all. With reward-outlier, whose rare rewards drown what decisions do.

How to confirm
Same state, same random numbers, different first actions: `action_influence_return` is zero while
`action_influence_state` is not.

What to do
Pay for what the decision changes: the delay it causes, the cost it incurs, relative to a baseline on the same
arrivals.

References
Mao et al. 2019 on variance from input processes; schedulers whose order-invariant reward summed completed work.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=2.0,
    course="flat",
    predicts={
        "always": (
            "reference-no-better",
            "no-headroom",
            "critic-blind",
        ),
        "often": (
            "reward-ignores-actions",
            "entropy-at-maximum",
            "gradient-is-noise",
            "reward-terms-ignore-actions",
            "explained-variance-low",
        ),
        "sometimes": (
            "action-ignored",
            "constant-action-pays",
            "updates-too-small",
            "policy-ignores-state",
            "reward-term-dead",
            "action-effect-small",
            "outcome-fixed",
        ),
        "rarely": ("critic-learns-in-vain",),
        "never": (
            "reference-beaten",
            "reward-needs-skill",
            "reward-tail-long",
            "reward-outlier",
            "state-frozen",
            "every-step-terminal",
            "observation-noise-large",
            "observation-constant",
            "effects-unseen",
            "no-episode-ends",
            "one-step-episodes",
        ),
    },
    confirm="action_influence",
    remedies=(
        Remedy(
            "Pay for what the decision changes",
            "a reward that no action moves has no gradient",
            confirm="action_influence",
            verify="action_influence_return rises",
        ),
        Remedy(
            "Subtract a baseline on the same arrivals", "what is left is due to the decisions", confirm="reward_terms"
        ),
    ),
)

EXAMPLES = (
    synthetic("actions move the state, not the return", action_influence_state=1.0, action_influence_return=0.0),
)
