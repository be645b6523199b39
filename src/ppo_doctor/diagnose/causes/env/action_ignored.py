"""The environment does not react to what the agent does.

What it is
The action is dropped on its way: overwritten by a default, clipped to one value, sent to another agent, replaced by
the environment's own logic, or applied to a copy of the state. The next state does not depend on it, and neither does
the return.

How it looks
The return is flat at the level of random play. Entropy stays at its maximum, because no action is better; the critic
may learn well, since it predicts what would happen anyway. Advantages hold no information: halves of a batch
disagree.

What it is confused with
With reward-ignores-decisions: there actions change the state, but not what is paid. With no-headroom: there they
matter, but nothing known is better than chance. With state-frozen: there nothing moves at all. With
executed-action-differs: the action arrives, but another one is credited.

How to confirm
The probe takes two legal actions in the same state with the same random numbers: `action_influence_state` is zero.

What to do
Follow one action by hand from the policy to the line that changes the state. Check clipping, casts, masks and copies.

References
Seitzer et al. 2021 on causal action influence; case studies of schedulers whose provider choice was never applied.
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
            "action-ignored",
        ),
        "often": (
            "entropy-at-maximum",
            "gradient-is-noise",
            "no-headroom",
            "policy-ignores-state",
            "reward-terms-ignore-actions",
            "critic-learns-in-vain",
        ),
        "sometimes": (
            "updates-too-small",
            "static-outcomes",
            "constant-action-pays",
            "observation-uninformative",
            "mask-mismatch",
            "features-constant",
            "critic-blind",
        ),
        "rarely": (
            "reward-ignores-actions",
            "observation-noise-large",
            "action-meaning-hidden",
        ),
        "never": (
            "still-improving",
            "state-frozen",
            "observation-constant",
            "every-step-terminal",
            "action-effect-small",
            "one-step-episodes",
        ),
    },
    confirm="action_influence",
    remedies=(
        Remedy(
            "Apply the action to the state that the next observation is made of",
            "a choice without consequence cannot be learnt",
            confirm="action_influence",
            verify="action_influence_state rises above zero",
        ),
    ),
)

EXAMPLES = (
    synthetic("the probe finds no influence", action_influence_state=0.0, action_influence_return=0.0),
    synthetic(
        "flat, uniform, and no influence",
        mean_ep_return=[22.0, 21.5, 22.3, 21.0, 22.1, 21.7, 21.9, 22.2],
        entropy_frac=[0.999] * 8,
        action_influence_state=0.0,
        action_influence_return=0.0,
    ),
)
