"""ENV105 workload-fixed."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("ENV105", severity="info")
def workload_fixed(workload_varies: float, *, limit: float = 0.0) -> list[Finding]:
    """Every episode is the same instance.

    Looks at
    The probe's share of pairs of seeds whose episodes differ under the same actions, at or below `limit`.

    Why it matters
    The policy can learn this instance by heart. It harms generalisation, not learning: by itself it never explains a
    run that does not learn.

    When it is wrong
    A task with one start and no randomness is what it is; evaluation on it is then honest.

    What to do
    Draw a new instance per episode, from a generator of its own, and evaluate on instances that were never trained on.

    References
    Cobbe et al. 2019, Quantifying Generalization in Reinforcement Learning.
    """
    if workload_varies > limit:
        return []
    meaning = "Seeds make no difference: what is learnt holds for one instance."
    return [Finding(meaning, (given("workload_varies", workload_varies, "<=", limit),), REMEDIES)]


REMEDIES = (
    Remedy(
        "Draw the workload anew at every reset, from a generator that nothing else uses",
        "a shared generator would change exploration together with the workload",
        confirm="workload_variation",
        verify="workload_varies is positive",
    ),
)

FIRES = (synthetic("made once before the loop", workload_varies=0.0),)
SILENT = (synthetic("anew each episode", workload_varies=1.0), synthetic("often anew", workload_varies=0.4))
