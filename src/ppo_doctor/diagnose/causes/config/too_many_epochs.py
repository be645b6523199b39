"""Each rollout is used until the policy has left it behind.

What it is
Many passes over the same data, with nothing that stops them. Late passes fit noise; ratios and representation
degrade.

How it looks
KL grows within each update, clip fraction is high in late passes; the critic fits the rollout; the rank of the
representation falls over the run.

What it is confused with
With learning-rate-too-high, wrong from the first pass. With rollout-too-short, which has too little data for any
number of passes. With plasticity-loss, its long-term effect.

How to confirm
Look at the KL by epoch; train again with a few epochs (`ppo-doctor trial`).

What to do
Use three to ten epochs, or stop at a target KL.

References
Schulman et al. 2017; Moalla et al. 2024 (more epochs speed the collapse).
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=2.0,
    course="poor",
    predicts={
        "always": ("many-passes",),
        "often": ("kl-spike", "fewer-epochs-help"),
        "sometimes": (
            "ratio-leaves-range",
            "overshoot",
            "rank-collapses",
            "dormant-units-grow",
            "return-lost",
            "drift",
            "policy-churns",
        ),
    },
    confirm=None,
    remedies=(
        Remedy(
            "Stop the update at a target KL",
            "passes then end when they should",
            change={"target_kl": "0.02"},
            verify="epochs_run falls and approx_kl_max with it",
        ),
        Remedy("Use a third of the epochs", "late passes fit noise", change={"n_epochs": "x0.33"}),
    ),
)

EXAMPLES = (
    synthetic(
        "eighty passes",
        n_epochs=80.0,
        approx_kl_max=[0.3, 0.4, 0.35, 0.5] * 3,
        mean_ep_return=[22.0, 21.0, 22.5, 21.5] * 3,
    ),
)
