"""Rewards are so large that the critic and the clipped gradient have room for nothing else.

What it is
Returns in the thousands or more. The value loss takes the shared gradient, the norm clip scales the policy's part to
nothing, and the critic spends the run moving its mean.

How it looks
Value loss huge and falling slowly, explained variance near zero, gradients always clipped, KL and clip fraction tiny,
entropy hardly moves.

What it is confused with
With learning-rate-too-low: the KL is tiny there too, but gradients are not clipped. With value-coef-too-high, the
same at a sane scale. With reward-outlier, where only single rewards are large.

How to confirm
Compare the returns' spread with one, and the value gradient with the policy's. Divide rewards by their spread for one
short run.

What to do
Normalise rewards by the running spread of the return, or normalise the critic's targets; do not clip them.

References
Engstrom et al. 2020; van Hasselt et al. 2016; Stable-Baselines3 issue 2240.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=3.5,
    course="poor",
    predicts={
        "always": (
            "return-scale-large",
            "step-pay-huge",
        ),
        "often": (
            "critic-constant",
            "explained-variance-low",
            "gradient-always-clipped",
            "critic-takes-gradient",
            "value-clip-tight",
            "policy-still",
            "nothing-moves",
        ),
        "sometimes": (
            "updates-too-small",
            "value-bias",
            "entropy-at-maximum",
        ),
        "never": (
            "reward-tail-long",
            "observation-grows",
            "critic-learns-alone",
        ),
    },
    confirm="reward_terms",
    remedies=(
        Remedy(
            "Divide rewards by the running spread of the discounted return",
            "the critic then starts at its scale",
            verify="explained_variance rises",
            change={"normalize_reward": "1"},
        ),
        Remedy("Normalise the critic's targets", "rewards stay as they are", change={"normalize_targets": "1"}),
    ),
)

EXAMPLES = (
    synthetic(
        "value loss in the millions",
        v_loss=[8e6, 7.9e6, 7.8e6, 7.7e6] * 4,
        explained_variance=[0.0, 0.001, 0.0, 0.002] * 4,
        mean_ep_return=[-4000.0, -4010.0, -3990.0, -4005.0] * 4,
    ),
)
