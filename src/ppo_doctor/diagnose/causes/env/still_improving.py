"""The run learns and its budget ended in the middle of the climb.

What it is
Too few steps. Nothing is wrong with learner or environment; the training was stopped early.

How it looks
The return rises to the last point, unless a schedule that ends at zero flattens it. Entropy still falls, the KL is in
its usual range, explained variance is fine.

What it is confused with
With learning-rate-too-low: there the KL is a tenth of what it could be, and the climb is a crawl. With
clip-range-too-small and target-kl-too-tight: there updates are cut. With a running average that lags behind a
plateau.

How to confirm
Train twice as long with the same settings: the return rises further (`ppo-doctor trial`).

What to do
Train on, with schedules stretched to the new length, before changing anything else.

References
Henderson et al. 2018; the commonest "fault" there is, rarely reported because the tracker answers "train longer".
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=8.0,
    course="fine",
    innocent=True,
    predicts={
        "often": ("still-improving", "longer-training-helps"),
        "sometimes": (
            "below-baseline",
            "few-updates",
            "few-episodes-per-point",
        ),
        "rarely": (
            "kl-spike",
            "explained-variance-low",
            "gradient-always-clipped",
            "gradient-is-noise",
            "value-bias",
            "one-decision",
            "ends-sooner",
        ),
        "never": (
            "rewarded-return-falls",
            "targets-hardly-vary",
        ),
    },
    confirm=None,
    remedies=(
        Remedy(
            "Train on, with schedules stretched to the new length",
            "what still rises has not shown its level",
            verify="eval_mean_return reaches a plateau",
            change={"total_steps": "x2"},
        ),
    ),
)

EXAMPLES = (
    synthetic("cut short", mean_ep_return=[10.0 + 5.0 * k for k in range(16)], total_steps=16_000),
    synthetic(
        "cut short, with healthy internals",
        mean_ep_return=[20.0 + 4.0 * k for k in range(20)],
        approx_kl_mean=[0.01] * 20,
        clip_frac=[0.1] * 20,
        explained_variance=[0.05 * k for k in range(20)],
        entropy=[0.69 - 0.005 * k for k in range(20)],
    ),
)
