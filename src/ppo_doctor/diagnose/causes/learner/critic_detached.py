"""The critic does not learn from the value loss.

What it is
The gradient of the value loss is cut, the loss reads another head than the one that acts, or its weight is zero.
Values stay what they were at the start.

How it looks
The value loss stays at the variance of the returns, explained variance is zero for ever, the value head's parameters
never move. The policy learns slowly from noisy advantages.

What it is confused with
With optimiser-misses-parameters: there the critic has a gradient, and no step follows it. With critic-starved, which
learns, but too little. With reward-scale-too-large, whose critic only moves its mean. With
constant returns, where there is nothing to explain.

How to confirm
See which parameters have a gradient: `gradient_missing_frac` above zero; overfit the critic on one rollout.

What to do
Let the loss read the head that acts, and nothing lie between them.

References
Stable-Baselines 2f28e4b (the wrong value head); ray issue 19291; real-cases operator M48.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.8,
    course="poor",
    predicts={
        "always": (
            "gradient-missing",
            "parameters-unmoved",
            "reference-learner-helps",
        ),
        "often": (
            "critic-constant",
            "explained-variance-low",
            "value-bias",
            "critic-blind",
        ),
        "sometimes": (
            "gradient-is-noise",
            "return-flat",
        ),
        "rarely": ("critic-learns-in-vain",),
    },
    confirm="optimiser_audit",
    remedies=(
        Remedy(
            "Let the value loss reach the critic that acts",
            "a critic that has no gradient is a constant",
            confirm="optimiser_audit",
            verify="explained_variance rises",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "parameters that never move",
        explained_variance=[0.0, 0.001, -0.001, 0.0] * 5,
        gradient_missing_frac=0.4,
        optimiser_missing_frac=0.4,
        mean_ep_return=[22.0, 23.0, 22.5, 23.5] * 5,
    ),
)
