"""CFG101 batch-larger-than-rollout."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("CFG101", severity="warning")
def batch_larger_than_rollout(batch_size: float, rollout_rows: float) -> list[Finding]:
    """The minibatch asks for more rows than a rollout has.

    Looks at
    The settings `batch_size` and `rollout_rows` (environments times steps times agents).

    Why it matters
    There is one minibatch an epoch, smaller than written: epochs, not minibatches, then set the number of gradient
    steps, every step sees the whole rollout, and comparisons between "batch sizes" compare nothing.

    When it is wrong
    Full-batch updates can be meant; then say so by setting the batch size to the rollout.

    What to do
    Count gradient steps: epochs times minibatches. Shrink the batch, or lengthen the rollout.

    References
    Huang et al. 2022, detail 6; Stable-Baselines3 warns of the truncated minibatch.
    """
    if batch_size <= rollout_rows:
        return []
    meaning = "The configured batch cannot be filled: each epoch is a single, smaller, full-batch step."
    return [
        Finding(
            meaning, (given("batch_size", batch_size, ">", rollout_rows), given("rollout_rows", rollout_rows)), REMEDIES
        )
    ]


REMEDIES = (
    Remedy(
        "Set the batch to a quarter of the rollout",
        "four minibatches an epoch are the common choice, and the number of gradient steps then is what it seems",
        verify="gradient_steps per update grows",
        change={"batch_size": "rollout_rows/4"},
    ),
    Remedy(
        "Lengthen the rollout",
        "if the gradient is noisy, more data is better than more passes",
        verify="half_batch_cosine rises",
        change={"n_steps": "x4"},
    ),
)

FIRES = (
    synthetic("batch of two rollouts", batch_size=4096, rollout_rows=2048),
    synthetic("one row too many", batch_size=129, rollout_rows=128),
)
SILENT = (
    synthetic("four minibatches", batch_size=256, rollout_rows=1024),
    synthetic("full batch", batch_size=1024, rollout_rows=1024),
)
