"""POL101 kl-spike."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import progress
from ppo_doctor.run import Series, synthetic


@rule(
    "POL101",
    severity="warning",
    instead={"approx_kl_max": ("approx_kl_mean", "approx_kl_last"), "eval_mean_return": ("mean_ep_return",)},
)
def kl_spike(
    approx_kl_max: Series,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    limit: float = 0.1,
    share: float = 0.05,
    patience: int = 3,
    extreme: float = 1.0,
    lost: float = 0.25,
) -> list[Finding]:
    """Updates move the policy much further than a trust region allows.

    Looks at
    The largest k3 estimate of each update over the whole run (mean or last if the largest was not recorded). Fires if
    it exceeds `limit` in more than `share` of the updates and in `patience` of them at least, or `extreme` even once. A
    run that rose and lost no more than `lost` of its gain took the risk unharmed: then it is undecided.

    Why it matters
    Past the clip range the surrogate says nothing about the true objective. A policy thrown far rarely comes back: its
    entropy and its KL then are zero, and only the history shows why.

    When it is wrong
    The estimate is large for a nearly deterministic policy, whose rare actions have huge ratios, and for Gaussian
    policies with many dimensions. A few spikes in the first updates are harmless.

    What to do
    Lower the step size first: learning rate, then epochs, then the clip range. Or stop the update by target_kl.

    References
    Schulman 2020, Approximating KL Divergence; Schulman et al. 2017; Hsu et al. 2020.
    """
    value = approx_kl_max.value
    over, far = value > limit, value > extreme
    if far.any():
        meaning = "At least one update replaced the policy by an unrelated one."
        evidence = seen(approx_kl_max, value.max(), "largest", ">", extreme, hits=far)
    elif over.sum() >= patience and over.mean() > share:
        meaning = "Many updates leave the region in which the surrogate can be trusted."
        evidence = seen(approx_kl_max, value.max(), "largest", ">", limit, hits=over)
    else:
        return []
    if eval_mean_return is not None and len(eval_mean_return) >= 6:
        come = progress(eval_mean_return, random_return, best_baseline_return, random_return_std)
        if come.at_par or (come.learnt and come.lost <= lost):
            raise Undecided("updates go too far, but the return rose and held: risky, and unharmed so far")
    return [Finding(meaning, (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Halve the learning rate",
        "the step is too large for the data it rests on",
        verify="approx_kl_max falls below the limit in the next updates",
        change={"learning_rate": "x0.5"},
    ),
    Remedy(
        "Stop the update at a target KL",
        "the stop is measured before a step is taken and costs nothing where updates are small",
        verify="early_stopped is now and then one, approx_kl_max is bounded",
        change={"target_kl": "0.02"},
    ),
    Remedy(
        "Take fewer passes over each rollout, or larger minibatches",
        "each pass moves the policy further from the data",
        verify="approx_kl_max falls",
        change={"n_epochs": "x0.5", "batch_size": "x2"},
    ),
)

FIRES = (
    synthetic("thrown far at the start, dead after", approx_kl_max=[21.0, 46.0, 3.0] + [0.0] * 17),
    synthetic("too large all along", approx_kl_max=[0.2, 0.3, 0.05, 0.15] * 5),
)
SILENT = (
    synthetic("healthy", approx_kl_max=[0.01, 0.02, 0.015, 0.03] * 5),
    synthetic("two spikes", approx_kl_max=[0.3, 0.2] + [0.02] * 30),
    synthetic("exactly at the limit", approx_kl_max=[0.1] * 20),
)
