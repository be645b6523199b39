"""Rewards are so small that optimiser and loss cannot see them.

What it is
Rewards of a hundredth or less: value errors vanish beside Adam's epsilon and the entropy bonus, and unnormalised
advantages are nearly zero.

How it looks
Value loss tiny from the start, return flat, entropy pulled to its maximum by the bonus, gradient norms near zero.

What it is confused with
With reward-sparse, where most rewards are zero but not small. With entropy-bonus-too-high, at a sane scale. With
reward-constant.

How to confirm
Look at the spread of returns: far below the loss weights. Multiply rewards by their inverse spread for one short run.

What to do
Scale rewards so that returns spread by about one.

References
torch-ac issue: rewards of a thousandth learnt only after multiplying by ten; Kingma and Ba 2015 on epsilon.
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
            "return-scale-small",
            "episode-return-tiny",
        ),
        "often": (
            "entropy-at-maximum",
            "returns-hardly-vary",
        ),
        "sometimes": (
            "explained-variance-low",
            "updates-too-small",
            "entropy-bonus-dominates",
            "gradient-zero",
            "critic-constant",
            "rewarded-return-falls",
        ),
    },
    confirm="reward_terms",
    remedies=(
        Remedy(
            "Divide rewards by the running spread of the discounted return",
            "losses then have a scale the optimiser was tuned for",
            verify="return_std comes near one",
            change={"normalize_reward": "1"},
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "returns that differ by a millionth", return_std=[1e-6] * 12, mean_ep_return=[0.011, 0.01, 0.012, 0.011] * 3
    ),
)
