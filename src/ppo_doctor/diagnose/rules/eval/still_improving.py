"""EVA106 still-improving."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import climb, need, progress, spent, spread, tail
from ppo_doctor.run import Series, synthetic


@rule("EVA106", severity="info", instead={"eval_mean_return": ("mean_ep_return",)})
def still_improving(
    eval_mean_return: Series,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    total_steps: float | None = None,
    *,
    gain: float = 0.2,
    least: int = 8,
    budget: float = 0.95,
) -> list[Finding]:
    """The return was still rising when the budget ended.

    Looks at
    The last half of the returns: rising by Mann-Kendall, and its Theil-Sen line climbs by more than `gain` of all that
    was gained in the run, below the best baseline. A level below the start leaves it undecided. Needs `least` points,
    and `budget` of the planned steps gone.

    Why it matters
    Nothing is wrong with the learner: the training is too short to tell what it can do. The commonest "fault" there is.

    When it is wrong
    A schedule that ends at zero stops learning anyway; then extend the schedule together with the budget. If no plan is
    recorded, the run may simply not be over.

    What to do
    Train on, before changing anything else.

    References
    Henderson et al. 2018: too short a training is a common reason for wrong conclusions.
    """
    need(eval_mean_return, int(least), "points")
    spent(eval_mean_return, total_steps, budget)
    come = progress(eval_mean_return, random_return, best_baseline_return, random_return_std)
    half = tail(eval_mean_return, 0.5)
    start = float(eval_mean_return.value[0]) if random_return is None else random_return
    if random_return is None and come.rising and come.level < min(eval_mean_return.value[:3]):
        raise Undecided("the return rises again, but lies below its start: whether it improves or recovers is open")
    bar = max(gain * (come.level - start), 2.0 * spread(half) / len(half) ** 0.5)
    if not come.rising or come.at_par or climb(half) <= bar:
        return []
    evidence = [seen(half, climb(half), "climb along the Theil-Sen line of the last half", ">", bar), come.evidence]
    if total_steps is not None:
        evidence.append(given("total_steps", total_steps))
    return [Finding("The training ends in the middle of the climb.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Train on, with schedules stretched to the new length",
        "what still rises has not shown its level",
        verify="eval_mean_return reaches a plateau",
        change={"total_steps": "x2"},
    ),
)

FIRES = (synthetic("cut short", eval_mean_return=[10.0 + 5.0 * k for k in range(16)], total_steps=16_000),)
SILENT = (
    synthetic("a plateau", eval_mean_return=[10.0, 60.0, 90.0] + [100.0, 101.0, 99.0, 100.0] * 4, total_steps=19_000),
    synthetic(
        "at par", eval_mean_return=[10.0 + 5.0 * k for k in range(16)], random_return=10, best_baseline_return=80
    ),
)
