"""The network has lost the ability to learn.

What it is
Over many updates on changing targets, units fall silent, features become alike, weights grow. New data no longer
moves what matters.

How it looks
Dormant units grow or the effective rank falls steadily; then the return stagnates or collapses, late in a long run,
with a KL that looks normal until it does not.

What it is confused with
With policy-drift, where the network is healthy. With too-many-epochs, a usual reason. With entropy-bonus-too-low:
deterministic, but able.

How to confirm
Fit random targets with the present and with a fresh network.

What to do
Fewer epochs, smaller rate late, layer norm, weight decay; reset the last layers.

References
Sokar et al. 2023; Lyle et al. 2023; Moalla et al. 2024.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=1.0,
    course="lost",
    predicts={
        "often": (
            "dormant-units-grow",
            "rank-collapses",
        ),
        "sometimes": (
            "ratio-leaves-range",
            "explained-variance-low",
            "drift",
            "return-flat",
            "overshoot",
            "std-collapses",
            "reference-learner-helps",
        ),
    },
    confirm=None,
    remedies=(
        Remedy(
            "Use fewer epochs and let the rate decay",
            "fewer steps on stale targets wear less",
            change={"n_epochs": "x0.5"},
            verify="dormant_frac stops growing",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "silent units and falling rank",
        dormant_frac=[0.02 + 0.05 * k for k in range(18)],
        effective_rank=[20.0 - k for k in range(18)],
        mean_ep_return=[20.0, 60.0, 90.0, 100.0, 100.0, 99.0] + [60.0, 40.0, 30.0, 28.0] * 3,
    ),
)
