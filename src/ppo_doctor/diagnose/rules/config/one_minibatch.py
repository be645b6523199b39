"""CFG136 one-minibatch."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("CFG136", severity="info")
def one_minibatch(batch_size: float, rollout_rows: float, *, least: int = 64) -> list[Finding]:
    """Each pass over the rollout is a single gradient step.

    Looks at
    The setting `batch_size` at or above `rollout_rows` (environments times steps times agents), for rollouts of `least`
    rows or more.

    Why it matters
    A pass costs as much as one in minibatches, and moves the weights once instead of several times: learning is slower
    by that factor unless rate or epochs make up for it.

    When it is wrong
    Full-batch updates are a fair choice with more epochs or a higher rate; the trial tells whether minibatches help.

    What to do
    Cut the rollout into four minibatches, or raise the number of epochs.

    References
    Huang et al. 2022, detail 6; Andrychowicz et al. 2021.
    """
    if batch_size < rollout_rows or rollout_rows < least:
        return []
    evidence = (given("batch_size", batch_size, ">=", rollout_rows), given("rollout_rows", rollout_rows))
    return [Finding("The number of gradient steps an update is the number of epochs.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Set the batch to a quarter of the rollout",
        "four minibatches a pass are the common choice",
        verify="gradient_steps per update grows",
        change={"batch_size": "rollout_rows/4"},
    ),
)

FIRES = (
    synthetic("one batch", batch_size=1024, rollout_rows=1024),
    synthetic("the batch asks for more", batch_size=4096, rollout_rows=2048),
)
SILENT = (
    synthetic("four minibatches", batch_size=256, rollout_rows=1024),
    synthetic("too few rows to cut", batch_size=16, rollout_rows=16),
)
