"""One or a few updates went too far and broke the policy.

What it is
A rollout with unusual advantages, or a step at the edge of what is stable, moved the policy beyond the surrogate's
validity. Data from the broken policy cannot repair it.

How it looks
A spike of the KL, then, right after it, the break of the return; entropy and clip fraction jump with it.

What it is confused with
With policy-drift, without a spike. With learning-rate-too-high, whose KL is large all the time. With reward-outlier
and physics-diverges, where a reward spikes first. With KL spikes of a nearly deterministic policy whose return holds:
harmless.

How to confirm
Locate the break of the return and the largest KL: the KL comes first.

What to do
Stop updates at a target KL, decay the rate, keep checkpoints.

References
Schulman et al. 2017; baselines issue 975; real-cases detector D5.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=2.0,
    course="lost",
    predicts={
        "always": ("overshoot",),
        "often": (
            "lower-learning-rate-helps",
            "kl-spike",
            "return-lost",
            "best-far-behind",
            "learning-rate-rises",
        ),
        "sometimes": (
            "ratio-leaves-range",
            "entropy-collapse",
            "worse-than-first",
        ),
        "rarely": (
            "drift",
            "learning-rate-extreme",
        ),
    },
    confirm=None,
    remedies=(
        Remedy(
            "Stop the update at a target KL",
            "that update would not have been finished",
            change={"target_kl": "0.02"},
            verify="approx_kl_max stays below a tenth",
        ),
        Remedy("Halve the learning rate", "the edge is then farther away", change={"learning_rate": "x0.5"}),
    ),
)

EXAMPLES = (
    synthetic(
        "a spike, then the break",
        approx_kl_max=[0.01] * 9 + [2.0] + [0.01] * 10,
        learning_rate=[3e-4] * 20,
        mean_ep_return=[20.0, 40.0, 60.0, 80.0, 90.0, 100.0, 100.0, 101.0, 100.0, 100.0]
        + [20.0, 21.0, 19.0, 20.0, 22.0] * 2,
    ),
)
