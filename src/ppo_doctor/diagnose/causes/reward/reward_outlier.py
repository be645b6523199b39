"""A few enormous rewards drown all others.

What it is
A division by nearly zero, a collision force, an unbounded penalty. One transition in a hundred thousand has hundreds
of times the usual reward; its advantage, standardised with the batch, flattens all the others.

How it looks
Spikes of the value loss and gradient norm, drops of the return after them, explained variance that swings. Every
measure that divides by the spread of returns drowns with them: actions seem to decide nothing, no policy seems better
than random, the critic is blind.

What it is confused with
With physics-diverges, where the state itself explodes. With reward-ignores-decisions: there no reward is exceptional.
With reward-scale-too-large, where all rewards are large. With
learning-rate-too-high: its spikes have no reward before them.

How to confirm
Compare the largest reward with the usual spread (`reward_tail`); find the term and the step.

What to do
Bound the quantity inside the formula; clip at many spreads as a safety net.

References
IsaacLab issue 4570, rsl_rl issue 95; a terminal bonus of one over the distance.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=2.0,
    course="poor",
    predicts={
        "never": ("observation-grows",),
        "always": ("reward-tail-long",),
        "often": (
            "reference-no-better",
            "no-headroom",
            "critic-blind",
            "reward-outlier",
            "reward-spikes",
        ),
        "sometimes": (
            "reward-ignores-actions",
            "action-effect-small",
            "gradient-is-noise",
            "entropy-at-maximum",
            "updates-too-small",
            "constant-action-pays",
            "constant-action-optimal",
            "return-flat",
            "return-scale-large",
            "critic-takes-gradient",
            "gradient-always-clipped",
            "explained-variance-low",
            "kl-spike",
            "nonfinite",
            "return-lost",
            "overshoot",
            "policy-still",
            "nothing-moves",
            "step-pay-huge",
        ),
    },
    confirm="reward_audit",
    remedies=(
        Remedy(
            "Bound the term that makes it",
            "one transition must not outvote a rollout",
            confirm="reward_audit",
            verify="reward_max stays within its usual range",
        ),
    ),
)

EXAMPLES = (
    synthetic("one reward a thousand times the rest", reward_max=[1.0] * 10 + [5000.0, 1.0], reward_min=[-1.0] * 12),
)
