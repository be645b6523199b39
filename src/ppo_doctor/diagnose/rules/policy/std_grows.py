"""POL108 std-grows."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import median, need, rises, stalled, tail
from ppo_doctor.run import Series, synthetic


@rule("POL108", severity="warning", instead={"eval_mean_return": ("mean_ep_return",)})
def std_grows(
    log_std_mean: Series,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    ent_coef_start: float | None = None,
    *,
    gain: float = 0.7,
    least: int = 8,
) -> list[Finding]:
    """The spread of Gaussian actions grows without end.

    Looks at
    The mean log standard deviation: risen by more than `gain` (that is a factor of two) from its first value to the
    median of the last quarter, and rising by a Mann-Kendall test over `least` points or more, on a run whose return
    is stuck.

    Why it matters
    Actions end up at their bounds whatever the mean is. Past the bounds a larger spread costs nothing and the entropy
    bonus pays for it, so nothing stops it.

    When it is wrong
    A run that learns may widen its spread for a while; such a run is not stuck.

    What to do
    Lower the entropy coefficient: differential entropy has no maximum. Then bound the log standard deviation.

    References
    Andrychowicz et al. 2021, section on action distributions; Chou et al. 2017 on clipped Gaussians.
    """
    need(log_std_mean, int(least), "points")
    late = tail(log_std_mean)
    start = float(log_std_mean.value[0])
    if median(late) - start <= gain or not rises(log_std_mean):
        return []
    come = stalled("the action spread grows", eval_mean_return, random_return, best_baseline_return, random_return_std)
    if come is None:
        return []
    evidence = [seen(late, median(late), "median of the last quarter", ">", start + gain), come.evidence]
    if ent_coef_start is not None:
        evidence.append(given("ent_coef_start", ent_coef_start))
    return [Finding("The actions become noise.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Lower the entropy coefficient, or set it to zero",
        "the bonus pays without end for a spread that the clip on actions makes free",
        verify="log_std_mean stops rising",
        change={"ent_coef": "x0.1"},
    ),
    Remedy(
        "Squash the actions by tanh instead of clipping them, or bound the log standard deviation",
        "spread beyond the bounds must cost something",
        confirm="action_audit",
        change={"network_squash": "tanh"},
    ),
)

_FLAT: Any = {"eval_mean_return": [10.0, 11.0, 9.0, 10.0] * 4}
FIRES = (synthetic("bonus pays for noise", log_std_mean=[0.1 * k for k in range(16)], ent_coef_start=0.1, **_FLAT),)
SILENT = (
    synthetic("narrows", log_std_mean=[-0.1 * k for k in range(16)], **_FLAT),
    synthetic("widens a little", log_std_mean=[0.02 * k for k in range(16)], **_FLAT),
    synthetic(
        "widens and learns", log_std_mean=[0.1 * k for k in range(16)], eval_mean_return=[5.0 * k for k in range(16)]
    ),
)
