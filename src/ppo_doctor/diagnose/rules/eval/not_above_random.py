"""EVA101 not-above-random."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import material, median, need, spent, spread, tail
from ppo_doctor.run import Series, synthetic


@rule("EVA101", severity="critical")
def not_above_random(
    eval_mean_return: Series,
    random_return: float,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    total_steps: float | None = None,
    *,
    headroom: float = 0.05,
    least: int = 3,
    budget: float = 0.3,
) -> list[Finding]:
    """The greedy policy is no better than random actions.

    Looks at
    The median of the last evaluations against the return of random play on the same seeds: it must exceed it by
    `headroom` of the distance between random play and the best baseline (by half the standard deviation of random play
    between episodes, if there is no baseline). Needs `least` evaluations, and `budget` of the planned steps gone.
    Blocks of seeds differ in difficulty, but alike for both: the spread that counts is between evaluations in time.

    Why it matters
    This is what "does not learn" means. Rising training curves, good losses and falling entropy do not outweigh it.

    When it is wrong
    Where no baseline beats random play there may be no headroom: then it is undecided. Greedy play can fail where
    sampled play works; the sampled return tells.

    What to do
    Work in the order of examination: data path, then headroom and observability, then reward, then optimiser.

    References
    Agarwal et al. 2021, Deep RL at the Edge of the Statistical Precipice; Henderson et al. 2018.
    """
    need(eval_mean_return, int(least), "evaluations")
    spent(eval_mean_return, total_steps, budget)
    if best_baseline_return is not None and best_baseline_return <= random_return:
        raise Undecided("no baseline beats random play: no headroom is known")
    bar = random_return + material(random_return, best_baseline_return, random_return_std, headroom)
    late = tail(eval_mean_return, least=int(least))
    level = median(late)
    if level > bar:
        if level - random_return <= 2.0 * spread(late) / len(late) ** 0.5:
            raise Undecided("above random play by less than the spread between evaluations")
        return []
    evidence = [
        seen(late, level, "median of the last evaluations", "<=", bar, hits=late.value <= bar),
        given("random_return", random_return),
    ]
    if best_baseline_return is not None:
        evidence.append(given("best_baseline_return", best_baseline_return))
    return [Finding("Training has produced nothing that random actions do not have.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Measure headroom and action influence before touching a setting",
        "if choices do not matter, or cannot be told apart, no setting helps",
        confirm="headroom",
    ),
    Remedy(
        "Compare the sampled with the greedy return",
        "a policy that works only when sampled has learnt, but its largest action misleads",
        verify="eval_sampled_mean_return is above random play",
    ),
    Remedy(
        "Train longer only if the return still rises",
        "a flat curve stays flat",
        verify="eval_mean_return rises",
    ),
)

_REFERENCES = {"random_return": 20, "best_baseline_return": 120}
FIRES = (
    synthetic("flat at random", eval_mean_return=[19.0, 21.0, 20.0, 18.0, 20.0], **_REFERENCES),
    synthetic("negative returns, worse than random", eval_mean_return=[-90.0, -95.0, -99.0], random_return=-80),
)
SILENT = (
    synthetic("learns", eval_mean_return=[20.0, 60.0, 90.0, 100.0, 101.0, 99.0], **_REFERENCES),
    synthetic(
        "negative returns, better than random", eval_mean_return=[-90.0, -60.0, -41.0, -40.0, -40.0], random_return=-80
    ),
)
