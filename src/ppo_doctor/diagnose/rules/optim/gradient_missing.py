"""OPT130 gradient-missing."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("OPT130", severity="critical")
def gradient_missing(gradient_missing_frac: float, *, limit: float = 0.0) -> list[Finding]:
    """Parameters that should have a gradient have none.

    Looks at
    The audit differentiates the loss by its definition and the learner's own on the same rows: share of the parameters
    with a gradient by the first and exactly none by the second, above `limit`.

    Why it matters
    The loss is computed and logged, and moves nothing: a `detach`, a `no_grad`, or a stale copy lies between.

    When it is wrong
    Parts of the network that are frozen on purpose.

    What to do
    Print the gradient of every tensor after one backward pass of each term of the loss.

    References
    Huang et al. 2022; real case: a value loss computed from detached predictions.
    """
    if gradient_missing_frac <= limit:
        return []
    evidence = (given("gradient_missing_frac", gradient_missing_frac, ">", limit),)
    return [Finding("The loss is cut off from part of the network.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Remove the detach between the network and the loss",
        "what has no gradient cannot learn",
        confirm="optimiser_audit",
        verify="gradient_missing_frac is zero",
    ),
)

FIRES = (
    synthetic("the critic", gradient_missing_frac=0.5),
    synthetic("one vector", gradient_missing_frac=1e-4),
)
SILENT = (
    synthetic("none", gradient_missing_frac=0.0),
    synthetic("none, in a large run", gradient_missing_frac=0.0, n_envs=64),
)
