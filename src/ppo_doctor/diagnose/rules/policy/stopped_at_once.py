"""POL107 stopped-at-once."""

from __future__ import annotations

from typing import Any

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, median, need, stalled
from ppo_doctor.run import Series, synthetic


@rule("POL107", severity="warning", instead={"eval_mean_return": ("mean_ep_return",)})
def stopped_at_once(
    early_stopped: Series,
    gradient_steps: Series,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    target_kl: float | None = None,
    epochs_run: Series | None = None,
    n_epochs: float | None = None,
    *,
    share: float = 0.9,
    steps: int = 1,
    wasted: float = 0.9,
    least: int = 8,
) -> list[Finding]:
    """The KL stop ends nearly every update after its first gradient step.

    Looks at
    Updates that stopped early with `steps` gradient steps (not epochs) or fewer, in more than `share` of `least` or
    more, on a run whose return is stuck, or in which more than `wasted` of the configured passes were never made.

    Why it matters
    The rollout is thrown away nearly unused. One step alone exceeds the target: the two settings contradict each other.

    When it is wrong
    Stopping early is no waste by itself: it is the trust region at work. A stop after most of the epochs is clean, and
    so is one after a single step of a few on a run that learns.

    What to do
    Make one step fit into the target: a smaller learning rate. Only if KL per step is ordinary, loosen the target; do
    not tighten and loosen in one go.

    References
    Spinning Up and Stable-Baselines3 stop at 1.5 times the target; Schulman et al. 2017, section 4.
    """
    stopped, done = aligned(early_stopped, gradient_steps)
    need(stopped, int(least))
    taken = np.diff(done.value, prepend=0.0)
    at_once = (stopped.value > 0) & (taken <= steps)
    evidence = [seen(stopped, median(stopped), "median", hits=at_once)]
    if epochs_run is not None and n_epochs is not None and median(epochs_run) < (1.0 - wasted) * n_epochs:
        if stopped.value.mean() <= share:
            return []
        evidence += [seen(epochs_run, median(epochs_run), "median"), given("n_epochs", n_epochs)]
    else:
        come = stalled("updates stop at once", eval_mean_return, random_return, best_baseline_return, random_return_std)
        if at_once.mean() <= share or come is None:
            return []
        evidence.append(come.evidence)
    if target_kl is not None:
        evidence.append(given("target_kl", target_kl))
    return [
        Finding(
            "One gradient step exceeds the KL target, so that updates end as they begin.", tuple(evidence), REMEDIES
        )
    ]


REMEDIES = (
    Remedy(
        "Lower the learning rate until several steps fit into the target",
        "the target allows a distance; smaller steps use it with more of the data",
        verify="gradient_steps per update grows and early_stopped still fires now and then",
        change={"learning_rate": "x0.3"},
    ),
    Remedy(
        "If the first ratio is not one, find out why before anything else",
        "a mismatch of log-probabilities looks like a KL above any target",
        confirm="logprob_recompute",
    ),
)

_FLAT: Any = {"eval_mean_return": [10.0, 11.0, 9.0, 10.0] * 3}
_RISES: Any = {"eval_mean_return": [9.0 * k for k in range(12)]}
_ONE: Any = {"early_stopped": [1] * 12, "gradient_steps": list(range(1, 13))}
FIRES = (
    synthetic("one step an update", target_kl=1e-4, **_ONE, **_FLAT),
    synthetic("one of sixty steps, and yet it learns", epochs_run=[0.1] * 12, n_epochs=6, **_ONE, **_RISES),
)
SILENT = (
    synthetic("stops late", early_stopped=[1] * 12, gradient_steps=[30 * k for k in range(1, 13)], **_FLAT),
    synthetic("never stops", early_stopped=[0] * 12, gradient_steps=list(range(1, 13)), **_FLAT),
    synthetic("stops at once and learns", **_ONE, **_RISES),
)
