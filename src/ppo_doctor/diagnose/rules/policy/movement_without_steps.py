"""POL119 movement-without-steps."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import aligned, median, need, progress, tail
from ppo_doctor.run import Series, synthetic


@rule(
    "POL119",
    severity="info",
    instead={"approx_kl_mean": ("approx_kl_last",), "eval_sampled_mean_return": ("mean_ep_return", "eval_mean_return")},
)
def movement_without_steps(
    approx_kl_mean: Series,
    learning_rate: Series,
    eval_sampled_mean_return: Series | None = None,
    *,
    decay: float = 0.05,
    left: float = 0.25,
    material: float = 1e-3,
    least: int = 10,
) -> list[Finding]:
    """The KL stays although the learning rate has fallen to almost nothing.

    Looks at
    Updates at a learning rate of at most `decay` of the largest one: the median KL there, against that of the first
    half of the run. Fires if it is above `material` and above `left` of it; to first order the KL falls with the square
    of the rate. Needs `least` updates, of which one at such a rate; a constant rate leaves it undecided, and so does a
    return that rose and held, since a policy that has become nearly deterministic moves far by tiny steps.

    Why it matters
    KL that no step made was there before the first step: the log-probabilities that were stored are not those of the
    stored actions under the policy, or a forward pass is random (dropout), or observations changed in the buffer.

    When it is wrong
    A policy that is nearly deterministic without having learnt, or a very small Gaussian deviation. A rate that was
    absurd at its peak is still large at a twentieth of it.

    What to do
    Take one rollout, and compute ratios before any gradient step: all of them must be one.

    References
    Huang et al. 2022, The 37 Implementation Details of PPO, on the first ratio; Schulman 2020.
    """
    moved, rate = aligned(approx_kl_mean, learning_rate)
    need(moved, int(least))
    slow = rate.value <= decay * rate.value.max()
    if not slow.any() or rate.value.max() <= 0.0:
        raise Undecided("the learning rate does not decay far enough to see what is left of the KL without it")
    early = median(moved.where(np.arange(len(moved)) < len(moved) // 2))
    late = moved.where(slow)
    if not (median(late) > max(material, left * early)):
        return []
    paid = eval_sampled_mean_return
    if paid is not None and len(paid) >= 6 and progress(paid).learnt:
        raise Undecided("the KL stays, but the return rose and held: a nearly deterministic policy would explain it")
    evidence = (
        seen(late, median(late), "median where the learning rate is small", ">", max(material, left * early)),
        seen(rate, tail(rate).value[-1], "last"),
    )
    return [Finding("Something other than the steps moves the policy.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Compute the ratio on the first minibatch, before any step",
        "it is one for every row if stored actions, observations and log-probabilities belong together",
        verify="the first ratio is one to rounding",
    ),
)

FIRES = (
    synthetic(
        "stays",
        approx_kl_mean=[0.3, 0.25, 0.3, 0.28] * 5,
        learning_rate=[float(x) for x in np.linspace(3e-4, 0.0, 20)],
    ),
)
SILENT = (
    synthetic(
        "falls with the rate",
        approx_kl_mean=[float(x) for x in 0.01 * np.linspace(1.0, 0.0, 20) ** 2],
        learning_rate=[float(x) for x in np.linspace(3e-4, 0.0, 20)],
    ),
    synthetic(
        "small all along",
        approx_kl_mean=[1e-4] * 20,
        learning_rate=[float(x) for x in np.linspace(3e-4, 0.0, 20)],
    ),
)
