"""OPT106 gradient-is-noise."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import median, need, spent, stalled, tail
from ppo_doctor.run import Series, synthetic


@rule("OPT106", severity="warning", instead={"eval_mean_return": ("mean_ep_return",)})
def gradient_is_noise(
    half_batch_cosine: Series,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    total_steps: float | None = None,
    *,
    limit: float = 0.05,
    least: int = 8,
    budget: float = 0.2,
) -> list[Finding]:
    """Two halves of a batch disagree on where to go.

    Looks at
    The cosine between the policy gradients of two halves: its median over the last half at or below `limit`, over
    `least` points, `budget` of the planned steps gone, on a run whose return is stuck.

    Why it matters
    The update is then drawn at random. Either the advantage holds no signal, or the batch is far too small for it.

    When it is wrong
    Near an optimum the gradient vanishes and only noise is left; such a run is not stuck. Few rows are compared, so a
    large batch may still have a useful mean.

    What to do
    Ask first whether there is a signal: action influence, observability, the critic. Only then buy it with data.

    References
    McCandlish et al. 2018, An Empirical Model of Large-Batch Training; Ilyas et al. 2020.
    """
    need(half_batch_cosine, int(least), "points")
    spent(half_batch_cosine, total_steps, budget)
    late = tail(half_batch_cosine, 0.5)
    if median(late) > limit:
        return []
    come = stalled("gradients disagree", eval_mean_return, random_return, best_baseline_return, random_return_std)
    if come is None:
        return []
    noise = seen(late, median(late), "median of the last half", "<=", limit, hits=late.value <= limit)
    return [Finding("Updates follow noise.", (noise, come.evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Test whether actions change the return, and whether the observation tells when",
        "without a signal more data gives more noise",
        confirm="action_influence",
    ),
    Remedy(
        "Collect several times as much data per update",
        "noise falls with the root of the rows",
        verify="half_batch_cosine rises",
        change={"n_envs": "x4"},
    ),
    Remedy(
        "Shorten the horizon of the advantage",
        "each further step of lambda and discount adds noise",
        verify="half_batch_cosine rises",
        change={"gae_lambda": "0.9"},
    ),
)

_NOISE: Any = {"half_batch_cosine": [0.02, -0.05, 0.03, -0.01] * 3}
FIRES = (synthetic("no signal", eval_mean_return=[10.0, 11.0, 9.0, 10.0] * 3, **_NOISE),)
SILENT = (
    synthetic("agree", half_batch_cosine=[0.4] * 12, eval_mean_return=[10.0, 11.0, 9.0, 10.0] * 3),
    synthetic("solved", eval_mean_return=[10.0, 60.0, 90.0] + [100.0] * 9, **_NOISE),
)
