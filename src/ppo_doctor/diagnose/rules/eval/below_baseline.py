"""EVA107 below-baseline."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import material, median, need, progress, spent, tail
from ppo_doctor.run import Series, synthetic


@rule("EVA107", severity="warning")
def below_baseline(
    eval_mean_return: Series,
    random_return: float,
    best_baseline_return: float,
    random_return_std: float | None = None,
    total_steps: float | None = None,
    *,
    headroom: float = 0.5,
    least: int = 6,
    budget: float = 0.5,
) -> list[Finding]:
    """The policy has settled well below a policy that needs no learning.

    Looks at
    The median of the last evaluations, as a share of the distance between random play and the best baseline: above
    random play, but below `headroom`, and no longer rising. Needs `least` evaluations, and `budget` of the planned
    steps gone.

    Why it matters
    A heuristic shows that the information and the actions for more are there. The optimum the learner found is a local
    one, or it cannot see what the heuristic sees.

    When it is wrong
    If the baseline knows what the observation hides (true durations, an oracle), its level cannot be reached.

    What to do
    Ask what the heuristic looks at, and whether the policy could express it. Imitate it for a start.

    References
    Mao et al. 2016; Zhang et al. 2020, RLScheduler.
    """
    need(eval_mean_return, int(least), "evaluations")
    spent(eval_mean_return, total_steps, budget)
    come = progress(eval_mean_return, random_return, best_baseline_return, random_return_std)
    late, floor = tail(eval_mean_return), random_return + material(random_return, best_baseline_return, None)
    if come.headroom is None or come.headroom >= headroom or come.rising or median(late) <= floor:
        return []
    bar = random_return + headroom * (best_baseline_return - random_return)
    evidence = (
        seen(late, median(late), "median of the last quarter", "<", bar, hits=late.value < bar),
        given("random_return", random_return),
        given("best_baseline_return", best_baseline_return),
    )
    return [Finding("Learning has stopped far below what a simple policy reaches.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Test whether the observation predicts what the best baseline would do",
        "if not, the policy cannot follow it, whatever the settings are",
        confirm="observability",
    ),
    Remedy(
        "Explore longer: a floor under the entropy, or more environments",
        "an early lock-in leaves the policy at the first thing that worked",
        verify="entropy_frac falls later and the plateau rises",
        change={"entropy_floor": "0.2", "n_envs": "x4"},
    ),
)

_REFERENCES = {"random_return": 20, "best_baseline_return": 120}
FIRES = (synthetic("a low plateau", eval_mean_return=[20.0, 30.0, 40.0] + [45.0, 46.0, 44.0] * 4, **_REFERENCES),)
SILENT = (
    synthetic("a high plateau", eval_mean_return=[20.0, 60.0, 90.0] + [100.0, 101.0, 99.0] * 4, **_REFERENCES),
    synthetic("still rises", eval_mean_return=[20.0 + 2.0 * k for k in range(15)], **_REFERENCES),
)
