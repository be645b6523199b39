"""ENV113 no-headroom."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("ENV113", severity="warning")
def no_headroom(
    headroom: float,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    *,
    limit: float = 0.2,
) -> list[Finding]:
    """Nothing that was tried does better than random play.

    Looks at
    The probe's best return of any known policy or search, less that of random play, in standard deviations of random
    episodes: at or below `limit`.

    Why it matters
    Where choices hardly matter there is hardly anything to learn: the run is not broken, the problem is.

    When it is wrong
    Hard exploration problems hide their headroom from short searches and simple heuristics. It is a statement on what
    was tried.

    What to do
    Add the strongest policy you can write by hand. If that does not help either, change load, reward or task.

    References
    Furuta et al. 2021, Policy Information Capacity; Oller et al. 2020, random weight guessing.
    """
    if headroom > limit:
        return []
    evidence = [given("headroom", headroom, "<=", limit)]
    references = {"random_return": random_return, "best_baseline_return": best_baseline_return}
    evidence += [given(name, value) for name, value in references.items() if value is not None]
    return [Finding("There is nothing here that a policy could be seen to learn.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Write the strongest heuristic you can think of and add it to the baselines",
        "headroom that nobody has shown cannot be told from none",
        confirm="headroom",
        verify="headroom grows",
    ),
    Remedy(
        "Test whether actions change the return at all",
        "if they do not, the environment or the reward ignores them",
        confirm="action_influence",
    ),
)

FIRES = (
    synthetic("all policies alike", headroom=0.05, random_return=-1.0, best_baseline_return=-0.99),
    synthetic("worse", headroom=-0.2),
)
SILENT = (synthetic("much to gain", headroom=4.0), synthetic("a little to gain", headroom=0.3))
