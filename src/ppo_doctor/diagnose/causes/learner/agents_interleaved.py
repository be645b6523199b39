"""Rows of several agents, or environments, are treated as one stream.

What it is
The buffer is flattened before advantages are computed, so that the next row belongs to another agent. Its reward and
value enter the recursion.

How it looks
Advantages are wrong everywhere, not only near ends; with many agents they are nearly noise; the critic still learns
where agents see alike.

What it is confused with
With gae-leak and no-bootstrap, wrong only at cuts. With transitions-not-causal, its general form. With
reward-misaligned.

How to confirm
Recompute advantages per agent: `gae_error` large, with or without ends and bootstrap; more than one agent.

What to do
Keep agents on an axis of their own until advantages are computed.

References
PettingZoo and SuperSuit wrappers; real-cases operator M10.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.5,
    course="poor",
    predicts={
        "always": ("reference-learner-helps",),
        "often": (
            "advantage-mismatch",
            "advantages-permuted",
            "critic-blind",
        ),
        "sometimes": (
            "recursion-differs",
            "transitions-broken",
            "gradient-is-noise",
            "explained-variance-low",
            "reward-misaligned",
        ),
    },
    confirm="gae_recompute",
    remedies=(
        Remedy(
            "Keep agents on an axis of their own until advantages are computed",
            "the next row must be the same agent",
            confirm="gae_recompute",
            verify="gae_error is float error",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "advantages of other rows, with four agents",
        gae_error=3.0,
        advantage_permuted=1.0,
        n_agents=4.0,
    ),
)
