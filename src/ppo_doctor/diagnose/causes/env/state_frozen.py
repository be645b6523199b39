"""The state does not change from step to step.

What it is
Stepping has no effect: the clock does not advance, the state is rebuilt on every call, or the observation is taken
before the change. Every step shows the agent the same thing.

How it looks
The observation is constant, the return is the same number whatever the policy does, explained variance is meaningless
because nothing varies, and entropy stays where it started.

What it is confused with
With action-ignored: there the state moves, but not because of the agent. With observation-stale: the state moves, the
agent sees it late. With static-episodes: the state moves, but every episode alike.

How to confirm
Play randomly and compare each observation with the one before: `state_changes` near zero.

What to do
Print the state before and after one step. Check that the step works on the stored state, not on a copy, and that the
observation is built after it.

References
Seitzer et al. 2021; schedulers whose simulated clock stood still.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.7,
    course="flat",
    predicts={
        "always": ("state-frozen",),
        "often": (
            "time-limit-not-kept",
            "episode-limit-overrun",
            "action-ignored",
            "no-episode-ends",
            "explained-variance-low",
            "policy-ignores-state",
            "return-not-recorded",
        ),
        "sometimes": (
            "reference-no-better",
            "reference-below-random",
            "reward-unreached",
            "reference-beaten",
            "observation-constant",
            "static-outcomes",
            "entropy-at-maximum",
            "reward-constant",
            "reward-sparse",
            "reward-terms-ignore-actions",
            "no-headroom",
            "workload-fixed",
            "discount-on-bandit",
            "return-scale-large",
            "constant-action-optimal",
            "features-constant",
            "policy-still",
            "critic-blind",
        ),
        "never": (
            "observation-noise-large",
            "effects-unseen",
            "one-step-episodes",
        ),
    },
    confirm="state_dynamics",
    remedies=(
        Remedy(
            "Advance the stored state, and observe after the step",
            "the agent must see what its action did",
            confirm="state_dynamics",
            verify="state_changes rises above zero",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "nothing moves",
        state_changes=0.0,
        action_influence_state=0.0,
        action_influence_return=0.0,
        action_influence_reward=0.0,
    ),
)
