"""POL109 std-collapses."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import median, need, progress, tail
from ppo_doctor.run import Series, synthetic


@rule("POL109", severity="warning", instead={"eval_mean_return": ("mean_ep_return",)})
def std_collapses(
    log_std_mean: Series,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    fall: float = 2.3,
    least: int = 8,
) -> list[Finding]:
    """Gaussian actions lost nearly all of their spread before the policy became good.

    Looks at
    The mean log standard deviation: the median of the last quarter more than `fall` (a factor of ten) below the first
    value (`least` points at least), on a run that neither stands at the best baseline nor still rises. Never the
    differential entropy: it is negative for any narrow Gaussian, and that says nothing by itself.

    Why it matters
    Without spread nothing new is tried. Ratios explode, because tiny changes of the mean leave the old density.

    When it is wrong
    Precise control needs narrow actions. Where the return did rise and no baseline says how far it could go, the rule
    is undecided.

    What to do
    See when it narrowed. A learning rate too large for the standard deviation is the usual cause.

    References
    Andrychowicz et al. 2021, section on action distributions; Hsu et al. 2020, Revisiting Design Choices in PPO.
    """
    need(log_std_mean, int(least), "points")
    late, bar = tail(log_std_mean), float(log_std_mean.value[0]) - fall
    if median(late) >= bar:
        return []
    if eval_mean_return is None:
        raise Undecided("the action spread is narrow, but no return was recorded: precise control looks the same")
    come = progress(eval_mean_return, random_return, best_baseline_return, random_return_std)
    if come.at_par or come.rising:
        return []
    if come.learnt and come.headroom is None:
        raise Undecided(
            "the action spread is narrow and the return did rise: without a baseline this may be the optimum"
        )
    narrow = seen(late, median(late), "median of the last quarter", "<", bar, hits=late.value < bar)
    return [Finding("The policy has stopped exploring although it is not good yet.", (narrow, come.evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Halve the learning rate",
        "the spread shrinks by whatever the first rollouts favoured, and does not come back",
        verify="log_std_mean falls later, and the return rises meanwhile",
        change={"learning_rate": "x0.5"},
    ),
    Remedy(
        "Stop the update at a target KL",
        "the KL of a narrow Gaussian is large, so that a stop protects what spread is left",
        verify="log_std_mean stops falling",
        change={"target_kl": "0.02"},
    ),
)

_NARROW = [0.0, -1.0, -2.0] + [-4.0] * 13
FIRES = (
    synthetic("narrow and flat", log_std_mean=_NARROW, eval_mean_return=[10.0, 11.0, 9.0, 10.0] * 4),
    synthetic(
        "learnt and lost",
        log_std_mean=_NARROW,
        eval_mean_return=[0.0, 50.0, 90.0, 90.0, 90.0] + [10.0, 11.0] * 5 + [9.0],
    ),
)
_SOLVED: Any = {"eval_mean_return": [10.0, 60.0, 90.0] + [100.0] * 13, "random_return": 10, "best_baseline_return": 100}
SILENT = (
    synthetic("precise and solved", log_std_mean=_NARROW, **_SOLVED),
    synthetic("keeps its spread", log_std_mean=[-0.1 * k for k in range(16)], eval_mean_return=[10.0] * 16),
)
