"""CFG117 learning-rate-low."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, median, need, progress
from ppo_doctor.run import Series, synthetic


@rule(
    "CFG117",
    severity="warning",
    instead={"approx_kl_mean": ("approx_kl_last",), "eval_sampled_mean_return": ("mean_ep_return",)},
)
def learning_rate_low(
    learning_rate: Series,
    approx_kl_mean: Series,
    eval_sampled_mean_return: Series,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    limit: float = 5e-5,
    kl: float = 1e-4,
    least: int = 8,
) -> list[Finding]:
    """The learning rate is lower than usual, and updates hardly move the policy.

    Looks at
    The largest learning rate of the run, below `limit`, together with the median KL per update, below `kl`, over
    `least` updates, on a run whose sampled return neither rose and held nor is at the best baseline. The sampled
    return, since the greedy one of a nearly uniform policy is arbitrary.

    Why it matters
    A hundredth of a nat per update is ordinary. At a hundredth of that, a budget ends before the policy has changed.

    When it is wrong
    Large pretrained networks are fine-tuned with such rates on purpose. Without an advantage signal the KL is small at
    any rate: see to the reward first.

    What to do
    Start at three ten-thousandths and change by factors of three until the KL is near a hundredth.

    References
    Andrychowicz et al. 2021: best between a ten-thousandth and a thousandth; Schulman 2016, Nuts and Bolts.
    """
    rate, moved = aligned(learning_rate, approx_kl_mean)
    need(rate, int(least))
    largest, typical = float(rate.value.max()), median(moved)
    if largest >= limit or typical >= kl:
        return []
    come = progress(eval_sampled_mean_return, random_return, best_baseline_return, random_return_std)
    if come.at_par or come.learnt:
        return []
    low = seen(rate, largest, "largest", "<", limit)
    small = seen(moved, typical, "median", "<", kl, hits=moved.value < kl)
    return [Finding("Steps are too small for the budget.", (low, small, come.evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Raise the learning rate by three until the KL is near a hundredth",
        "the KL tells when it is enough",
        verify="approx_kl_mean rises to about a hundredth",
        change={"learning_rate": "x3"},
    ),
)

_STILL: Any = {"approx_kl_mean": [2e-7] * 12, "eval_sampled_mean_return": [21.0, 20.0, 22.0, 21.0] * 3}
FIRES = (synthetic("a hundred-thousandth", learning_rate=[1e-5] * 12, **_STILL),)
SILENT = (
    synthetic("an ordinary rate without a signal", learning_rate=[3e-4] * 12, **_STILL),
    synthetic("low, and moves", learning_rate=[2e-5] * 12, **(_STILL | {"approx_kl_mean": [4e-3] * 12})),
    synthetic(
        "low, and learns",
        learning_rate=[1e-5] * 12,
        **(_STILL | {"eval_sampled_mean_return": [10.0 * k for k in range(12)]}),
    ),
)
