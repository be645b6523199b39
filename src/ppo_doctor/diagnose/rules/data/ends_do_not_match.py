"""DAT105 ends-do-not-match."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("DAT105", severity="critical")
def ends_do_not_match(done_mismatch: float, *, limit: float = 0.0) -> list[Finding]:
    """Stored ends of episodes and resets of the environment do not match.

    Looks at
    The probe's share of resets without a stored end, or of stored ends without a reset, above `limit`: ends must be
    conserved.

    Why it matters
    An end that is missing leaks advantages across episodes; one that is invented cuts them, and starves the bootstrap.

    When it is wrong
    Environments that go on after an end on purpose (lives of a game): then the stored end is meant to differ.

    What to do
    Count both by hand on one short rollout. Look at automatic resets, at resets inside a simulator, and at wrappers.

    References
    Pardo et al. 2018; Gymnasium's documentation of autoreset modes.
    """
    if done_mismatch <= limit:
        return []
    meaning = "The buffer's episodes are not the environment's episodes."
    return [Finding(meaning, (given("done_mismatch", done_mismatch, ">", limit),), REMEDIES)]


REMEDIES = (
    Remedy(
        "Report terminated or truncated at every reset, those inside a simulator included",
        "a reset that the learner cannot see looks like a transition",
        confirm="stored_ends",
        verify="done_mismatch is zero",
    ),
)

FIRES = (synthetic("hidden resets", done_mismatch=0.2), synthetic("all ends lost", done_mismatch=1.0))
SILENT = (synthetic("conserved", done_mismatch=0.0), synthetic("conserved, in a longer run", done_mismatch=0.0, gamma=0.9))
