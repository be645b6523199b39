"""The critic learns too little to be of use.

What it is
Its loss weighs almost nothing, its learning rate is a fraction of the actor's, its network is tiny, or too few
gradient steps reach it.

How it looks
Explained variance creeps up or stays low although returns are predictable; the value loss falls slowly; advantages
stay noisy.

What it is confused with
With critic-detached, which does not move at all. With observation-uninformative, where no critic could do better: the
ceiling tells. With reward-scale-too-large.

How to confirm
Fit a fresh critic to one rollout: it explains far more than the one in training.

What to do
Raise the weight of the value loss, use separate networks, or take more critic steps.

References
Andrychowicz et al. 2021; ray issue 19291 (coefficients had to be tiny).
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=1.0,
    course="poor",
    predicts={
        "often": (
            "faster-critic-helps",
            "without-value-clip-helps",
            "explained-variance-low",
            "critic-rate-small",
            "critic-blind",
        ),
        "sometimes": (
            "value-coefficient-small",
            "value-clip-tight",
            "value-clip-extreme",
            "value-bias",
            "critic-constant",
            "still-improving",
            "longer-training-helps",
        ),
        "rarely": ("return-scale-large",),
    },
    remedies=(
        Remedy(
            "Raise the weight of the value loss, or the critic's learning rate",
            "a late critic means noisy advantages",
            verify="explained_variance rises",
            change={"vf_coef": "x10"},
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "a value loss that weighs nothing",
        vf_coef=1e-4,
        explained_variance=[0.01, 0.02, 0.01, 0.03] * 5,
        mean_ep_return=[22.0, 23.0, 22.5, 23.5] * 5,
    ),
)
