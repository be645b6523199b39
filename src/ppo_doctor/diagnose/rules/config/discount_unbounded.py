"""CFG131 discount-unbounded."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import median, need, stalled
from ppo_doctor.run import Series, synthetic


@rule("CFG131", severity="warning", instead={"eval_mean_return": ("mean_ep_return",)})
def discount_unbounded(
    gamma: float,
    terminated_frac: Series,
    mean_ep_length: Series,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    factor: float = 10.0,
    least: int = 6,
) -> list[Finding]:
    """Hardly anything is discounted in a task that never ends by itself, so that its value has no bound.

    Looks at
    The horizon, one over one minus `gamma`, above `factor` times the median episode length, while no step of the run
    was terminal: all episodes are cut by their limit. Needs `least` updates, on a run whose return is stuck.

    Why it matters
    Where a cut episode is continued by its value, as it should be, nothing pins that value down but the discount. With
    hardly any, it runs away with its own error, and the advantage drowns in it.

    When it is wrong
    Where the limit counts as the end of the task, and the time that is left can be seen, the sum is finite without a
    discount. On a run that learns the setting does no harm, and nothing is said.

    What to do
    Bring the horizon near the length of an episode, or to the delay from action to reward if that is shorter.

    References
    Pardo et al. 2018, Time Limits in Reinforcement Learning; Schulman 2016: one over one minus gamma as the horizon.
    """
    need(mean_ep_length, int(least), "points")
    need(terminated_frac, int(least))
    length = median(mean_ep_length)
    horizon = 1.0 / (1.0 - gamma) if gamma < 1.0 else float("inf")
    if horizon <= factor * length or terminated_frac.value.any():
        return []
    symptom = "the horizon is far longer than the episode"
    come = stalled(symptom, eval_mean_return, random_return, best_baseline_return, random_return_std)
    if come is None:
        return []
    evidence = (
        given("gamma", gamma),
        seen(mean_ep_length, length, "median", "<", horizon / factor),
        seen(terminated_frac, terminated_frac.value.max(), "largest"),
        come.evidence,
    )
    return [Finding("The value of a state has no bound that the critic could learn.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Bring the horizon near the length of an episode",
        "values then have a bound, and their error with them",
        verify="explained_variance and the return rise",
        change={"gamma": "0.99"},
    ),
)

_CUT: Any = {"terminated_frac": [0.0] * 12, "mean_ep_length": [100.0] * 12}
_FLAT: Any = {"eval_mean_return": [10.0, 11.0, 9.0, 10.0] * 3}
FIRES = (
    synthetic("nothing is discounted", gamma=1.0, **_CUT, **_FLAT),
    synthetic("a hundred episodes ahead", gamma=0.9999, **_CUT, **_FLAT),
)
SILENT = (
    synthetic("as long as an episode", gamma=0.99, **_CUT, **_FLAT),
    synthetic("it learns all the same", gamma=1.0, eval_mean_return=[9.0 * k for k in range(12)], **_CUT),
    synthetic("episodes end", gamma=1.0, terminated_frac=[0.01] * 12, mean_ep_length=[100.0] * 12, **_FLAT),
)
