"""Every step is paid the same, always.

What it is
The reward is a constant, such as one a step with episodes of fixed length, or a bug returns its default. No behaviour
earns more than another.

How it looks
Reward spread zero, returns equal or proportional to length, advantages vanish after the critic learnt the mean,
entropy at its maximum.

What it is confused with
With reward-sparse: there some behaviour is paid, only random play never finds it; a scripted policy or a search
tells. With a survival task, where length is the aim and episodes do differ. With reward-ignores-decisions, where
rewards vary.

How to confirm
Search for any different reward: no policy gets one, `headroom` and `reward_reached` are zero.

What to do
Compute the reward from the state after the action; print it for ten steps.

References
RLinf issue 716 (reward and success exactly zero from outdated example code).
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=1.0,
    course="flat",
    predicts={
        "always": (
            "reward-unreached",
            "reward-constant",
            "no-headroom",
            "episode-return-zero",
            "returns-hardly-vary",
        ),
        "often": (
            "reward-sparse",
            "entropy-at-maximum",
            "reward-terms-ignore-actions",
            "static-outcomes",
        ),
        "sometimes": (
            "outcome-fixed",
            "reward-ignores-actions",
            "gradient-zero",
            "advantages-zero",
            "updates-too-small",
            "critic-constant",
            "only-timeouts",
        ),
        "never": (
            "reference-beaten",
            "reference-below-random",
            "reward-needs-skill",
            "every-step-terminal",
            "state-frozen",
            "observation-noise-large",
            "effects-unseen",
            "no-episode-ends",
            "ends-invented",
            "one-step-episodes",
            "action-ignored",
        ),
    },
    confirm="reward_occurrence",
    remedies=(
        Remedy(
            "Compute the reward from the state after the action",
            "a default teaches nothing",
            confirm="reward_occurrence",
            verify="reward_std rises above zero",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "nobody is ever paid anything else",
        reward_std=[0.0] * 12,
        reward_mean=[0.0] * 12,
        mean_ep_return=[0.0] * 12,
        headroom=0.0,
    ),
)
