"""Small updates, none of them large, undid what was learnt.

What it is
Near the optimum advantages are noise; steps of constant size walk the policy away. Nothing spikes.

How it looks
The return rose, then fell slowly; KL in its usual range throughout; entropy may creep; the best evaluation lies far
back.

What it is confused with
With overshoot, where one update broke it. With plasticity-loss, where the network changed. With reward-nonstationary,
where the task changed.

How to confirm
Compare the KL around the break with the rest: no difference.

What to do
Let the learning rate decay to zero, keep the best checkpoint, enlarge the batch late.

References
Stable-Baselines3 issue 324 (collapse near the optimum); case study of drift after the peak.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=1.2,
    course="lost",
    predicts={
        "always": ("drift",),
        "often": (
            "return-lost",
            "best-far-behind",
        ),
        "sometimes": (
            "schedule-not-applied",
            "gradient-is-noise",
            "worst-block-falls",
            "entropy-collapse",
        ),
        "rarely": (
            "overshoot",
            "kl-spike",
        ),
    },
    confirm=None,
    remedies=(
        Remedy(
            "Let the learning rate decay to zero",
            "late noise then moves nothing",
            change={"learning_rate": "linear to 0"},
            verify="the last evaluations keep the level of the best",
        ),
        Remedy("Keep the best checkpoint by validation", "it is still there"),
    ),
)

EXAMPLES = (
    synthetic(
        "a slow fall with a small KL",
        approx_kl_max=[0.01] * 24,
        approx_kl_mean=[0.005] * 24,
        mean_ep_return=[20.0, 60.0, 90.0, 100.0] + [100.0 - 4.0 * k for k in range(20)],
    ),
)
