"""Random play is hardly ever rewarded, so that learning cannot begin.

What it is
Reward comes only on success, and success is out of reach of a random policy within an episode. Until the first
success there is no gradient but the entropy bonus.

How it looks
Rewards are constant in nearly all rollouts, returns flat at the floor, entropy at its maximum or drifting, explained
variance undefined.

What it is confused with
With reward-constant: there no policy is ever paid anything else; a known good policy or a search tells. With
no-headroom. With still-improving before the first success.

How to confirm
Play many random episodes: `reward_occurrence` near zero, while a search or a scripted policy does find reward
(`reward_reached` above zero).

What to do
Shape by a potential, start near the goal, use a curriculum or demonstrations, explore more.

References
Ng et al. 1999 on potential-based shaping; gymnax-blines issue 5 (MountainCar learns to do nothing).
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=3.0,
    course="flat",
    predicts={
        "always": ("reward-sparse",),
        "often": (
            "reward-needs-skill",
            "reward-constant",
            "entropy-at-maximum",
            "only-timeouts",
            "episode-return-zero",
            "returns-hardly-vary",
        ),
        "sometimes": (
            "reward-unreached",
            "updates-too-small",
            "gradient-zero",
            "static-outcomes",
            "advantages-zero",
            "noop-collapse",
            "critic-constant",
            "critic-blind",
        ),
        "rarely": (
            "no-headroom",
            "outcome-fixed",
        ),
        "never": (
            "reference-below-random",
            "reward-tail-long",
            "reward-clipped",
            "every-step-terminal",
            "state-frozen",
            "observation-noise-large",
            "effects-unseen",
            "no-episode-ends",
            "ends-invented",
            "reward-ignores-actions",
            "return-scale-small",
            "reward-outlier",
            "one-step-episodes",
            "action-ignored",
        ),
    },
    confirm="reward_occurrence",
    remedies=(
        Remedy(
            "Shape the reward by a potential",
            "the optimum stays, the path to it is paid",
            confirm="reward_occurrence",
            verify="reward_occurrence rises",
        ),
        Remedy("Start episodes near the goal, and move away", "the first successes come by chance then"),
    ),
)

EXAMPLES = (
    synthetic(
        "random play is never paid",
        reward_occurrence=0.0,
        mean_ep_return=[0.0] * 12,
        entropy_frac=[0.99] * 12,
        headroom=2.0,
    ),
)
