"""ENV107 only-timeouts."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import need, stalled, tail
from ppo_doctor.run import Series, synthetic


@rule("ENV107", severity="info", instead={"eval_mean_return": ("mean_ep_return",)})
def only_timeouts(
    terminated_frac: Series,
    truncated_frac: Series,
    mean_ep_length: Series | None = None,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    reward_std: Series | None = None,
    *,
    dense: float = 0.9,
    least: int = 8,
) -> list[Finding]:
    """Every episode runs into its time limit, and the return is stuck.

    Looks at
    The last half of `least` updates or more: steps are truncated, none is terminated, on a run whose return is stuck.
    Not where rewards differ within more than `dense` of all updates: they then tell good from bad without an end.

    Why it matters
    If the task can be completed, the agent never does: there is no example of success in the data.

    When it is wrong
    Tasks without an end of their own (locomotion, control around a target) always run into the limit. They pay by the
    step, and are left out where the spread of rewards was recorded.

    What to do
    See whether random play ever completes the task; lengthen the limit or bring the start nearer to the goal.

    References
    Pardo et al. 2018, Time Limits in Reinforcement Learning; Florensa et al. 2017, Reverse Curriculum Generation.
    """
    need(terminated_frac, int(least))
    ended, cut = tail(terminated_frac, 0.5), tail(truncated_frac, 0.5)
    need(cut, 1)
    if ended.value.any() or not cut.value.any():
        return []
    if reward_std is not None and len(reward_std) and (reward_std.value > 0.0).mean() > dense:
        return []
    symptom = "every episode is cut by its limit"
    come = stalled(symptom, eval_mean_return, random_return, best_baseline_return, random_return_std)
    if come is None:
        return []
    evidence = [seen(each, each.value.max(), "largest of the last half") for each in (ended, cut)]
    if mean_ep_length is not None and len(mean_ep_length):
        evidence.append(seen(mean_ep_length, mean_ep_length.value[-1], "last"))
    meaning = "No episode ends by itself, so that nothing shows how the task is done."
    return [Finding(meaning, (*evidence, come.evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Measure how often random play is paid, or completes the task",
        "what is never seen cannot be learnt",
        confirm="reward_occurrence",
    ),
    Remedy(
        "Start some episodes near the goal, and move the start away as they succeed",
        "success must be in the data before it can become frequent",
        verify="terminated_frac becomes positive",
    ),
)

_FLAT: Any = {"eval_mean_return": [-200.0] * 12}
_CUT: Any = {"terminated_frac": [0.0] * 12, "truncated_frac": [0.005] * 12}
FIRES = (synthetic("never gets there", mean_ep_length=[200.0] * 12, **_CUT, **_FLAT),)
SILENT = (
    synthetic("control around a target: every step is paid by the distance", reward_std=[2.0] * 12, **_CUT, **_FLAT),
    synthetic("gets there", terminated_frac=[0.001] * 12, truncated_frac=[0.004] * 12, **_FLAT),
    synthetic("locomotion that learns", eval_mean_return=[90.0 * k for k in range(12)], **_CUT),
)
