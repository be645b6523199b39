"""The policy becomes deterministic before it became good.

What it is
Nothing holds the entropy while early, noisy advantages favour one action. Exploration ends, and what was not tried is
never learnt.

How it looks
Entropy falls to a few hundredths within a small part of the budget; KL and clip fraction go to zero; the return stays
at an early, poor level.

What it is confused with
With a solved task, where low entropy is right: the return tells. With learning-rate-too-high, which collapses entropy
with large KL. With network-init-saturated, where entropy is low from the start.

How to confirm
Raise the coefficient, or hold an entropy floor, for one run.

What to do
Raise the coefficient or use a floor; lower the rate in the first updates.

References
Mnih et al. 2016; Ahmed et al. 2019 on entropy's effect; ai.stackexchange question 37134.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=1.0,
    course="lost",
    predicts={
        "always": ("entropy-collapse",),
        "often": (
            "greedy-constant",
            "std-collapses",
        ),
        "sometimes": (
            "return-flat",
            "updates-too-small",
            "noop-collapse",
            "policy-ignores-state",
            "gradient-zero",
            "below-baseline",
        ),
    },
    confirm=None,
    remedies=(
        Remedy(
            "Hold an entropy floor",
            "exploration must outlast the first guess",
            change={"entropy_floor": "0.1"},
            verify="entropy_frac stays above the floor while the return rises",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "deterministic and poor",
        entropy_frac=[0.9, 0.5, 0.1, 0.02] + [0.01] * 10,
        ent_coef_start=0.0,
        random_return=20,
        best_baseline_return=200,
        mean_ep_return=[20.0, 22.0, 21.0, 22.0] + [21.0, 21.5] * 5,
        approx_kl_mean=[0.01, 0.02, 0.01, 0.001] + [1e-4] * 10,
    ),
)
