"""EVA117 short-of-baseline."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import median, need, progress, spent, tail
from ppo_doctor.run import Series, synthetic


@rule("EVA117", severity="info")
def short_of_baseline(
    eval_mean_return: Series,
    random_return: float,
    best_baseline_return: float,
    random_return_std: float | None = None,
    total_steps: float | None = None,
    *,
    low: float = 0.5,
    high: float = 0.8,
    least: int = 6,
    budget: float = 0.5,
) -> list[Finding]:
    """The policy has settled somewhat below what is known to be possible.

    Looks at
    The median of the last evaluations, as a share of the distance between random play and the best baseline: between
    `low` and `high`, and no longer rising. Below `low`, below-baseline speaks. Needs `least` evaluations, and `budget`
    of the planned steps gone.

    Why it matters
    Most faults do not stop a learner, they cost it a part of what it could earn. Such a run looks healthy in every
    curve: only something to compare with shows it.

    When it is wrong
    If the baseline knows what the observation hides, or if the budget is small for the task, no fault is needed.

    What to do
    Do not call it done. Try the settings one by one with paired seeds, or a reference learner on the same task.

    References
    Andrychowicz et al. 2021 on how much return implementation details cost; Engstrom et al. 2020.
    """
    need(eval_mean_return, int(least), "evaluations")
    spent(eval_mean_return, total_steps, budget)
    come = progress(eval_mean_return, random_return, best_baseline_return, random_return_std)
    if come.headroom is None or not low <= come.headroom < high or come.rising:
        return []
    late, bar = tail(eval_mean_return), random_return + high * (best_baseline_return - random_return)
    evidence = (
        seen(late, median(late), "median of the last quarter", "<", bar, hits=late.value < bar),
        given("random_return", random_return),
        given("best_baseline_return", best_baseline_return),
    )
    return [Finding("Learning has stopped short of what is known to be possible.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Train the same task with a reference learner, on the same seeds",
        "it tells whether the task or the learner sets the level",
        verify="the levels agree",
    ),
)

_REFERENCES = {"random_return": 20, "best_baseline_return": 120}
FIRES = (
    synthetic("two thirds of the way", eval_mean_return=[20.0, 60.0, 80.0] + [85.0, 86.0, 84.0] * 4, **_REFERENCES),
)
SILENT = (
    synthetic("at par", eval_mean_return=[20.0, 60.0, 90.0] + [115.0, 116.0, 114.0] * 4, **_REFERENCES),
    synthetic("a low plateau", eval_mean_return=[20.0, 30.0, 40.0] + [45.0, 46.0, 44.0] * 4, **_REFERENCES),
    synthetic("still rising", eval_mean_return=[20.0 + 5.0 * k for k in range(15)], **_REFERENCES),
)
