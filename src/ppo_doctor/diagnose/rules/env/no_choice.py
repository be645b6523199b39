"""ENV122 no-choice."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import median, need
from ppo_doctor.run import Series, synthetic


@rule("ENV122", severity="warning")
def no_choice(
    forced_frac: Series, n_actions: float | None = None, *, limit: float = 0.999, least: int = 3
) -> list[Finding]:
    """There is never more than one legal action.

    Looks at
    The share of decisions with exactly one legal action: its median at or above `limit`, over `least` updates; or a
    single action in all.

    Why it matters
    Who cannot choose cannot learn to choose. The policy's gradient is zero by rights, its entropy is zero, and no
    setting matters.

    When it is wrong
    If the mask is wrong, and forbids what the environment would allow.

    What to do
    Compare the mask with what the environment accepts. If they agree, the task leaves no decision to learn.

    References
    Huang & Ontanon 2022, A Closer Look at Invalid Action Masking.
    """
    need(forced_frac, int(least))
    if median(forced_frac) < limit and (n_actions is None or n_actions > 1):
        return []
    evidence = [seen(forced_frac, median(forced_frac), "median", ">=", limit, hits=forced_frac.value >= limit)]
    if n_actions is not None:
        evidence.append(given("n_actions", n_actions))
    return [Finding("Nothing is left to decide.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Compare the mask with the actions that the environment accepts",
        "a mask that forbids too much takes the task away",
        confirm="mask_consistency",
        verify="forced_frac falls",
    ),
)

FIRES = (
    synthetic("all forced", forced_frac=[1.0] * 6, n_actions=4),
    synthetic("one action in all", forced_frac=[1.0] * 6, n_actions=1),
)
SILENT = (
    synthetic("free", forced_frac=[0.0] * 6, n_actions=4),
    synthetic("mostly forced", forced_frac=[0.9] * 6, n_actions=4),
)
