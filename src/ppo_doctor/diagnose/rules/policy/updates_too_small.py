"""POL105 updates-too-small."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import median, need, spent, stalled, tail
from ppo_doctor.run import Series, synthetic


@rule(
    "POL105",
    severity="warning",
    instead={
        "approx_kl_mean": ("approx_kl_max", "approx_kl_last"),
        "eval_sampled_mean_return": ("mean_ep_return", "eval_mean_return"),
    },
)
def updates_too_small(
    approx_kl_mean: Series,
    eval_sampled_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    total_steps: float | None = None,
    *,
    limit: float = 1e-4,
    least: int = 8,
    budget: float = 0.2,
) -> list[Finding]:
    """The policy hardly moves, and the return does not either.

    Looks at
    The median KL of the last half of the updates, below `limit` (`least` updates at least, and `budget` of the planned
    steps gone), on a run whose return is stuck. A hundredth of what a healthy update moves.

    Why it matters
    A policy that does not move cannot learn. Two causes look alike: steps too small (learning rate, clip range, a KL
    stop, a starved share of the clipped gradient), or no advantage signal, with which KL is small at any step size.

    When it is wrong
    On a converged run, which is not stuck and hence clean; under a learning rate annealed to zero the last half is
    small by design, but then the return must have risen before.

    What to do
    Ask first whether the advantage says anything: half-batch cosine, reward spread, action influence. Then the step.

    References
    Schulman 2016, Nuts and Bolts; rsl_rl and RLlib keep the KL within a factor of two of a hundredth.
    """
    need(approx_kl_mean, int(least))
    spent(approx_kl_mean, total_steps, budget)
    late = tail(approx_kl_mean, 0.5)
    if median(late) >= limit:
        return []
    come = stalled("KL is tiny", eval_sampled_mean_return, random_return, best_baseline_return, random_return_std)
    if come is None:
        return []
    small = seen(late, median(late), "median of the last half", "<", limit, hits=late.value < limit)
    return [Finding("Updates leave the policy as it was.", (small, come.evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Test whether actions change the return at all",
        "without an advantage signal KL is small at any step size",
        confirm="action_influence",
    ),
    Remedy(
        "Raise the learning rate, once there is a signal",
        "the step is far below what the trust region allows",
        verify="approx_kl_mean rises towards a hundredth",
        change={"learning_rate": "x10"},
    ),
    Remedy(
        "See what shrinks the step: a tight KL stop, a narrow clip range, a value loss that fills the gradient clip",
        "each of them bounds the step whatever the learning rate is",
        verify="clip_frac, early_stopped and grad_norm_value show which",
    ),
)

_FLAT: Any = {"eval_mean_return": [10.0, 11.0, 9.0, 10.0] * 4}
FIRES = (
    synthetic("learning rate near zero", approx_kl_mean=[1e-8] * 16, **_FLAT),
    synthetic(
        "huge rewards fill the clip", approx_kl_last=[6e-7] * 16, mean_ep_return=[-1e5, -1.1e5, -0.9e5, -1e5] * 4
    ),
)
SILENT = (
    synthetic("ordinary steps", approx_kl_mean=[5e-3] * 16, **_FLAT),
    synthetic("converged", approx_kl_mean=[5e-3] * 4 + [1e-6] * 12, eval_mean_return=[10.0, 50.0, 90.0] + [100.0] * 13),
)
