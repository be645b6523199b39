"""POL115 drift."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import need, progress
from ppo_doctor.run import Series, synthetic


@rule(
    "POL115",
    severity="warning",
    instead={"approx_kl_max": ("approx_kl_mean", "approx_kl_last"), "eval_mean_return": ("mean_ep_return",)},
)
def drift(
    approx_kl_max: Series,
    eval_mean_return: Series,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    v_loss: Series | None = None,
    *,
    limit: float = 0.02,
    lost: float = 0.5,
    walked: float = 0.14,
    least: int = 8,
) -> list[Finding]:
    """The return was learnt and lost again although no update was large.

    Looks at
    More than `lost` of what the run had gained is gone in the last quarter, while the largest KL of all updates stays
    at or below `limit`, and their square roots add up to `walked` at least: the distance of a policy that came nowhere
    (a fiftieth of a nat in one piece) explains no loss, the noise of a few episodes does. Needs `least` returns.

    Why it matters
    Many small steps in a wrong direction: the advantage misleads. A smaller step only makes the same fall slower.

    When it is wrong
    Where the environment changed under the policy (a curriculum, a simulator that drifts), nothing is wrong with it.

    What to do
    See what misleads: the critic (bias, explained variance after the peak), noise of the advantage, or a reward that
    is not what is evaluated.

    References
    Ilyas et al. 2020, A Closer Look at Deep Policy Gradients.
    """
    need(eval_mean_return, int(least), "points")
    come = progress(eval_mean_return, random_return, best_baseline_return, random_return_std)
    largest = float(approx_kl_max.value.max())
    path = float(np.sqrt(np.maximum(approx_kl_max.value, 0.0)).sum())
    if come.lost <= lost or largest > limit or path < walked:
        return []
    evidence = [come.evidence, seen(approx_kl_max, largest, "largest", "<=", limit)]
    if v_loss is not None and len(v_loss):
        evidence.append(seen(v_loss, v_loss.value[-1], "last"))
    return [Finding("Small steps in a wrong direction have undone what was learnt.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Compare the training reward with the return that is evaluated",
        "a policy that follows its reward away from the return is right about the wrong thing",
        confirm="reward_terms",
    ),
    Remedy(
        "Give the critic more: a longer rollout, a larger network, standardised targets",
        "a critic that lags behind the policy makes the advantage point backwards",
        verify="explained_variance holds after the peak",
        change={"n_steps": "x2", "normalize_targets": "true"},
    ),
    Remedy(
        "Let the learning rate decay", "late noise then moves the policy less", change={"learning_rate": "linear to 0"}
    ),
)

_LOST = [10.0, 30.0, 60.0, 80.0, 90.0, 85.0, 70.0, 50.0, 40.0, 30.0, 25.0, 20.0, 20.0, 20.0]
FIRES = (synthetic("slowly lost", approx_kl_max=[0.008] * 14, eval_mean_return=_LOST),)
SILENT = (
    synthetic("lost by large steps", approx_kl_max=[0.008] * 7 + [0.9] + [0.008] * 6, eval_mean_return=_LOST),
    synthetic("kept", approx_kl_max=[0.008] * 14, eval_mean_return=sorted(_LOST)),
)
