"""CFG136 one-minibatch."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("CFG136", severity="info")
def one_minibatch(
    n_epochs: float, batch_size: float, rollout_rows: float, *, least: int = 64, epochs: int = 10
) -> list[Finding]:
    """Each of few passes over the rollout is a single gradient step.

    Looks at
    The setting `batch_size` at or above `rollout_rows` (environments times steps times agents), for rollouts of `least`
    rows or more, with `epochs` passes or fewer.

    Why it matters
    A pass costs as much as one in minibatches, and moves the weights once instead of several times: learning is slower
    by that factor unless rate or epochs make up for it.

    When it is wrong
    Full-batch updates are a fair choice with a higher learning rate; the trial tells whether minibatches help.

    What to do
    Cut the rollout into four minibatches, or raise the number of epochs.

    References
    Huang et al. 2022, detail 6; Andrychowicz et al. 2021.
    """
    if batch_size < rollout_rows or rollout_rows < least or n_epochs > epochs:
        return []
    evidence = (
        given("batch_size", batch_size, ">=", rollout_rows),
        given("rollout_rows", rollout_rows),
        given("n_epochs", n_epochs, "<=", epochs),
    )
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
    synthetic("one batch", n_epochs=4, batch_size=1024, rollout_rows=1024),
    synthetic("the batch asks for more", n_epochs=10, batch_size=4096, rollout_rows=2048),
)
SILENT = (
    synthetic("four minibatches", n_epochs=4, batch_size=256, rollout_rows=1024),
    synthetic("many passes", n_epochs=20, batch_size=1024, rollout_rows=1024),
    synthetic("too few rows to cut", n_epochs=4, batch_size=16, rollout_rows=16),
)
