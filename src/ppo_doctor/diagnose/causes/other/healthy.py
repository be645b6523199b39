"""The run learns as it should.

What it is
No fault: the return rose well clear of its start or of random play, held, and the checks that could have failed did
not.

How it looks
The return rises, then levels off. Entropy falls, explained variance rises, the KL stays small. On a solved task many
signals look alarming: returns are equal, so that explained variance is meaningless; advantages are noise; a nearly
deterministic policy makes KL spikes; entropy is low because it may be.

What it is confused with
With still-improving, if the budget ended early. With leakage and a wrong metric, which only look healthy: a report on
fresh seeds tells. With every fault that merely slows learning: only consistency checks of the buffer find those.

How to confirm
The greedy policy on fresh seeds, against random play and the best rule known, with an interval. Without positive
proof of learning this cause never exceeds one half, however clean the rest is: what was not measured is not healthy.

What to do
Nothing. Keep the best checkpoint by validation, and report on seeds that chose nothing.

References
Henderson et al. 2018; Agarwal et al. 2021.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=25.0,
    course="fine",
    innocent=True,
    predicts={
        "sometimes": (
            "constant-action-pays",
            "few-episodes-per-point",
            "features-constant",
        ),
        "rarely": (
            "still-improving",
            "best-far-behind",
            "below-baseline",
            "worst-block-falls",
            "kl-spike",
            "entropy-collapse",
            "explained-variance-low",
            "gradient-is-noise",
            "gradient-always-clipped",
            "policy-churns",
            "dormant-units-grow",
            "value-bias",
            "reward-terms-ignore-actions",
            "one-decision",
            "ends-sooner",
        ),
        "never": (
            "rewarded-return-falls",
            "targets-hardly-vary",
            "step-pay-multiplies",
        ),
    },
    confirm="headroom",
    remedies=(
        Remedy(
            "Evaluate the best checkpoint on fresh seeds",
            "training returns are not the product",
            verify="eval_mean_return keeps its level",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "learns and holds",
        mean_ep_return=[22.0, 40.0, 90.0, 150.0, 190.0, 200.0, 199.0, 200.0, 200.0, 199.0, 200.0, 200.0],
        explained_variance=[0.0, 0.2, 0.5, 0.7, 0.8, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9],
        entropy=[0.69, 0.66, 0.62, 0.6, 0.57, 0.55, 0.53, 0.52, 0.5, 0.5, 0.49, 0.48],
        approx_kl_mean=[0.008, 0.009, 0.01, 0.008, 0.007, 0.006, 0.006, 0.005, 0.005, 0.004, 0.004, 0.004],
        clip_frac=[0.08] * 12,
    ),
)
