"""CFG104 one-gradient-step."""

from __future__ import annotations

import math

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("CFG104", severity="warning")
def one_gradient_step(n_epochs: float, batch_size: float, rollout_rows: float, *, steps: int = 1) -> list[Finding]:
    """Each rollout is used for a single gradient step.

    Looks at
    Gradient steps per rollout: epochs times minibatches, counted from `n_epochs`, `batch_size` and `rollout_rows`, at
    or below `steps`.

    Why it matters
    At the first step the ratio is one, so that neither clip nor KL ever acts: this is plain policy gradient, with the
    learning rate of an algorithm that takes many steps.

    When it is wrong
    As a baseline it is a fair choice, with a larger learning rate.

    What to do
    Count gradient steps, not epochs: some tens per rollout are ordinary.

    References
    Schulman et al. 2017, algorithm 1; Huang et al. 2022, detail 6.
    """
    taken = n_epochs * max(math.ceil(rollout_rows / batch_size), 1) if batch_size > 0 else 0.0
    if taken > steps:
        return []
    settings = (("n_epochs", n_epochs), ("batch_size", batch_size), ("rollout_rows", rollout_rows))
    evidence = tuple(given(name, value) for name, value in settings)
    return [Finding("What makes PPO what it is never comes into play.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Cut the rollout into several minibatches and pass over it several times",
        "the clip is there so that data can be used more than once",
        verify="gradient_steps per update is some tens, clip_frac becomes positive",
        change={"batch_size": "rollout_rows/4", "n_epochs": "4"},
    ),
)

FIRES = (synthetic("one epoch, one batch", n_epochs=1, batch_size=2048, rollout_rows=2048),)
SILENT = (
    synthetic("one epoch, many batches", n_epochs=1, batch_size=64, rollout_rows=2048),
    synthetic("one batch, many epochs", n_epochs=10, batch_size=4096, rollout_rows=2048),
)
