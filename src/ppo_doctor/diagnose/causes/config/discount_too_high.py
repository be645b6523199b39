"""The return adds up a future that no decision controls.

What it is
Decisions have short consequences, but gamma near one adds hundreds of unrelated rewards to each. The signal is there,
under noise. In a task that never ends by itself, a value that is hardly discounted has no bound either.

How it looks
Advantages are noisy, explained variance is low or carried by time, halves of a batch disagree; a bandit with gamma
near one learns a hundred times slower.

What it is confused with
With observation-uninformative, where a lower gamma does not help. With rollout-too-short. With timeout-as-terminal,
if time is what the critic misses.

How to confirm
Set gamma near zero where decisions have no later consequences: it learns at once. `action_influence_state` tells
whether they have.

What to do
Match the horizon to the consequences; for a bandit use zero.

References
Case study of event triage, one decision an event with gamma near one; Jiang et al. 2015.
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
            "lower-discount-helps",
            "discount-on-bandit",
            "discount-unbounded",
            "gradient-is-noise",
            "explained-variance-low",
        ),
        "sometimes": (
            "action-ignored",
            "constant-action-pays",
            "policy-ignores-state",
        ),
    },
    confirm=None,
    remedies=(
        Remedy(
            "Lower gamma to the horizon of a decision",
            "the rest is noise",
            change={"gamma": "0"},
            verify="half_batch_cosine rises",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "a bandit with a long return",
        gamma=0.99,
        action_influence_state=0.0,
        action_influence_reward=0.8,
        action_influence_return=0.5,
    ),
)
