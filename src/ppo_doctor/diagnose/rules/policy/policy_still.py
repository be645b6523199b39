"""POL118 policy-still."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import need, spent
from ppo_doctor.run import Series, synthetic


@rule("POL118", severity="info", instead={"approx_kl_mean": ("approx_kl_last",)})
def policy_still(
    approx_kl_mean: Series,
    total_steps: float | None = None,
    *,
    limit: float = 1e-5,
    least: int = 8,
    budget: float = 0.2,
) -> list[Finding]:
    """No update of the whole run moved the policy by anything that counts.

    Looks at
    The largest KL of all updates, `least` of them at least and `budget` of the planned steps gone: at or below `limit`.
    A KL of that size changes log-probabilities by less than half a percent (their root mean square is root of 2 KL).

    Why it matters
    It splits dead runs in two. Standardised advantages make updates of the usual size whatever the rewards say, noise
    included: a policy that never moved has no step, or no gradient, rather than nothing to learn.

    When it is wrong
    A policy that moved in updates before the log starts. Very many updates of a tiny step do add up.

    What to do
    Look at the step first (learning rate, clip range, clipped gradient and who shares it), then at the gradient.

    References
    Schulman et al. 2017, equation 7; Schulman 2020, Approximating KL Divergence.
    """
    need(approx_kl_mean, int(least))
    spent(approx_kl_mean, total_steps, budget)
    largest = float(approx_kl_mean.value.max())
    if largest > limit:
        return []
    evidence = seen(approx_kl_mean, largest, "largest", "<=", limit)
    return [Finding("The policy is the one it was at the start.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Raise the learning rate by ten once, on a short run",
        "if the KL follows, the step was too small; if not, no gradient reaches the policy",
        verify="approx_kl_mean rises in proportion or faster",
        change={"learning_rate": "x10"},
    ),
    Remedy(
        "Record the gradient norm of each loss term",
        "one large term leaves nothing of a shared, clipped gradient to the policy",
        verify="no term is larger than the others by orders of magnitude",
    ),
)

FIRES = (
    synthetic("never moved", approx_kl_mean=[1e-9, 2e-9, 1e-9, 1e-9] * 3),
    synthetic("exactly nothing", approx_kl_last=[0.0] * 12),
)
SILENT = (
    synthetic("moved, then converged", approx_kl_mean=[0.01, 0.005, 1e-4, 1e-6, 1e-8, 1e-9] + [1e-12] * 6),
    synthetic("small steps", approx_kl_mean=[5e-5] * 12),
)
