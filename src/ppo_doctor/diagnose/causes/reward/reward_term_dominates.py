"""One term of the reward decides everything.

What it is
Terms have different scales, and the largest drowns the others in the advantage. The agent optimises that term alone.

How it looks
The total rises a little or plateaus; the metric behind the small terms does not move; the share of one term in the
advantage is near one.

What it is confused with
With reward-scale-too-large, where the total is large. With reward-sign-wrong. With a term that is meant to dominate.

How to confirm
Measure each term's share of the advantage's variance: one above nine tenths. A policy known to be good at the task
is beaten by a single action that saves the term (`reference_lead` below zero).

What to do
Scale terms by their spread under random play, then weigh them by what they are worth.

References
Case studies whose penalty was a hundred times the pay; IsaacLab issue 4570.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=2.0,
    course="any",
    predicts={
        "never": ("reward-unreached",),
        "always": ("reference-beaten",),
        "often": ("reward-term-dominates",),
        "sometimes": (
            "not-above-random",
            "return-flat",
            "below-baseline",
            "reward-term-dead",
            "constant-action-pays",
            "constant-action-optimal",
            "reward-terms-ignore-actions",
            "noop-collapse",
            "avoidable-noop",
            "greedy-constant",
            "step-pay-huge",
            "step-pay-multiplies",
        ),
        "rarely": (
            "reference-below-random",
            "ends-sooner",
        ),
    },
    confirm="reward_terms",
    remedies=(
        Remedy(
            "Scale each term by its spread, then weigh",
            "only then do weights mean what they say",
            confirm="reward_terms",
            verify="the largest reward_term_share falls",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "one term has all of the advantage",
        reward_term_share={"cost": [0.995] * 12, "delay": [0.005] * 12},
        mean_ep_return=[10.0, 11.0, 9.0, 10.5] * 3,
    ),
)
