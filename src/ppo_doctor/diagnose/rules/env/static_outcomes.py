"""ENV104 static-outcomes."""

from __future__ import annotations

from typing import Any

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import entropy_ceiling, median, need
from ppo_doctor.run import Series, synthetic


@rule("ENV104", severity="critical", instead={"entropy_frac": ("entropy",)})
def static_outcomes(
    mean_ep_return: Series,
    entropy_frac: Series | None = None,
    log_std_mean: Series | None = None,
    n_actions: float | None = None,
    masked: float | None = None,
    reward_std: Series | None = None,
    *,
    least: int = 5,
    explores: float = 0.3,
) -> list[Finding]:
    """Every episode earns exactly the same although the policy explores.

    Looks at
    The mean return of finished episodes: not one difference over the whole run (`least` points at least), while the
    entropy is above `explores` of its maximum throughout, or the actions are Gaussian, so that episodes must differ.

    Why it matters
    Equal returns hold no information. Actions are ignored, every episode is the same, or no reward is ever paid.

    When it is wrong
    A solved task has equal returns at its end, but not from its start; a deterministic policy repeats itself. A log
    that holds one average over the whole run in every row shows the same: ask for the series.

    What to do
    Check in this order: does the log hold a series, do actions change anything, do episodes differ, is a reward paid?

    References
    Schulman 2016, Nuts and Bolts: look at the spread of the returns.
    """
    need(mean_ep_return, int(least), "points")
    if np.ptp(mean_ep_return.value) != 0.0:
        return []
    evidence = [seen(mean_ep_return, mean_ep_return.value[0], "always")]
    if log_std_mean is None:
        if entropy_frac is None:
            raise Undecided("all returns are equal, but no entropy was recorded: a deterministic policy repeats itself")
        bar = explores * (1.0 if _gaussian(entropy_frac) else entropy_ceiling(entropy_frac, n_actions, masked)[0])
        if not _gaussian(entropy_frac) and median(entropy_frac) <= bar:
            return []
        evidence.append(seen(entropy_frac, median(entropy_frac), "median"))
    if reward_std is not None and len(reward_std):
        evidence.append(seen(reward_std, reward_std.value.max(), "largest"))
    return [Finding("The outcome of an episode depends on nothing.", tuple(evidence), REMEDIES)]


def _gaussian(entropy: Series) -> bool:
    return entropy.name == "entropy" and bool((entropy.value < 0.0).any())


REMEDIES = (
    Remedy(
        "Test whether actions change the next state, the reward and the return",
        "ignored actions make all episodes alike",
        confirm="action_influence",
    ),
    Remedy(
        "Test whether random play is ever paid a reward",
        "a reward that is never paid is a constant return",
        confirm="reward_occurrence",
    ),
    Remedy(
        "Test whether episodes with different seeds differ",
        "one workload for all is repeated for ever",
        confirm="workload_variation",
    ),
)

_SAME: Any = {"mean_ep_return": [41.967] * 8}
FIRES = (
    synthetic("never paid", mean_ep_return=[0.0] * 8, entropy_frac=[0.99] * 8),
    synthetic("one outcome", entropy=[1.3, 1.2, 1.2, 1.1] * 2, **_SAME),
    synthetic("Gaussian actions", log_std_mean=[0.0] * 8, **_SAME),
)
SILENT = (
    synthetic("solved: all equal at the end", mean_ep_return=[20.0, 90.0] + [500.0] * 6, entropy_frac=[0.5] * 8),
    synthetic("deterministic from the start", entropy_frac=[0.01] * 8, **_SAME),
)
