"""OPT101 learning-rate-zero."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import median, need
from ppo_doctor.run import Series, synthetic


@rule("OPT101", severity="warning")
def learning_rate_zero(
    update_ratio: Series,
    learning_rate: Series | None = None,
    grad_norm: Series | None = None,
    *,
    limit: float = 1e-6,
    least: int = 5,
    none: float = 1e-8,
) -> list[Finding]:
    """The parameters hardly change.

    Looks at
    The size of an update as a share of the parameters: its median over the whole run below `limit`, over `least`
    updates. The whole run, because a schedule that ends at zero makes the end small by design. Updates whose gradient
    was zero itself (below `none`) do not count: there was nothing to follow.

    Why it matters
    Nothing can be learnt by weights that stay where they were initialised.

    When it is wrong
    Frozen large networks with a small trainable head: the share then is that of the head in all of it.

    What to do
    Look at the learning rate in force, at what the optimiser holds, and at the gradient before the clip.

    References
    Andy Jones 2021: step sizes; a thousandth per update is ordinary.
    """
    if grad_norm is not None and len(grad_norm):
        update_ratio = update_ratio.where(np.isin(update_ratio.step, grad_norm.step[grad_norm.value > none]))
    need(update_ratio, int(least), "updates with a gradient and")
    if median(update_ratio) >= limit:
        return []
    evidence = [seen(update_ratio, median(update_ratio), "median", "<", limit, hits=update_ratio.value < limit)]
    if learning_rate is not None and len(learning_rate):
        evidence.append(seen(learning_rate, median(learning_rate), "median"))
    return [Finding("The network stays as it was initialised.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Raise the learning rate",
        "it is orders of magnitude below what moves the weights",
        verify="update_ratio rises towards a thousandth",
        change={"learning_rate": "x1000"},
    ),
    Remedy(
        "See whether the optimiser holds all parameters, and whether gradients reach it",
        "an optimiser of other tensors steps without effect",
        confirm="optimiser_audit",
    ),
)

FIRES = (synthetic("learning rate near zero", update_ratio=[1e-8] * 8, learning_rate=[3e-8] * 8),)
SILENT = (
    synthetic("no gradient to follow", update_ratio=[2e-3] * 6 + [0.0] * 8, grad_norm=[0.1] * 6 + [0.0] * 8),
    synthetic("ordinary", update_ratio=[2e-3] * 8, learning_rate=[3e-4] * 8),
    synthetic("annealed to zero", update_ratio=[2e-3] * 5 + [1e-9] * 3),
)
