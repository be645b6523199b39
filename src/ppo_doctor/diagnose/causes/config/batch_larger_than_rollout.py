"""The minibatch asks for more rows than a rollout has.

What it is
Batch and rollout were set apart. Each epoch is one smaller full-batch step, so that the number of gradient steps is a
fraction of what was meant.

How it looks
Gradient steps per update equal epochs; the KL is small; learning is slow.

What it is confused with
With learning-rate-too-low, slow as well. With rollout-too-short, where the rollout is the odd one.

How to confirm
Compare batch size with environments times steps; train again with a quarter of it (`ppo-doctor trial`).

What to do
Set the batch to a quarter of the rollout.

References
Stable-Baselines3 issue 766; Huang et al. 2022.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.8,
    course="poor",
    innocent=True,
    predicts={
        "always": ("one-minibatch",),
        "often": ("one-gradient-step", "smaller-batch-helps"),
        "sometimes": (
            "batch-larger-than-rollout",
            "updates-too-small",
            "policy-still",
            "policy-ignores-state",
            "entropy-at-maximum",
            "value-bias",
            "rollout-tiny",
            "still-improving",
            "longer-training-helps",
        ),
    },
    confirm=None,
    remedies=(
        Remedy(
            "Set the batch to a quarter of the rollout",
            "four minibatches an epoch are the common choice",
            change={"batch_size": "rollout_rows/4"},
            verify="gradient_steps per update grows",
        ),
    ),
)

EXAMPLES = (synthetic("batch of many rollouts", batch_size=4096.0, rollout_rows=512.0, n_epochs=4.0),)
