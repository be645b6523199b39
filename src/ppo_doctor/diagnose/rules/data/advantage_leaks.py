"""DAT118 advantage-leaks."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("DAT118", severity="critical")
def advantage_leaks(gae_wrong_at_ends: float, gae_wrong_inside: float | None = None, gae_wrong_at_last: float | None = None, advantage_permuted: float | None = None, advantage_cleared_frac: float | None = None, done_mismatch: float | None = None, *, limit: float = 0.0) -> list[Finding]:
    """The advantages run on across the ends of episodes.

    Looks at
    The audit holds every advantage against its own successor. It fires if the recursion is broken in rows at which an
    episode ended (`gae_wrong_at_ends` above `limit`) and nowhere else.

    Why it matters
    Rewards of the next episode are credited to the last one: worst in short episodes, invisible in the return curve.

    When it is wrong
    A missing bootstrap breaks rows at time limits too, but also the last one: then it is clean, and so it is where
    ends are not stored as they happened (`done_mismatch`).

    What to do
    Multiply the next value and the recursion by one minus the end flag of the same step.

    References
    Schulman et al. 2016, High-Dimensional Continuous Control Using Generalized Advantage Estimation; skrl issue 449.
    """
    elsewhere = (gae_wrong_inside, gae_wrong_at_last, advantage_permuted, advantage_cleared_frac, done_mismatch)
    if gae_wrong_at_ends <= limit or any(one is not None and one > limit for one in elsewhere):
        return []
    return [Finding("Credit flows from one episode into the one before it.", (given("gae_wrong_at_ends", gae_wrong_at_ends, ">", limit),), REMEDIES)]


REMEDIES = (Remedy("Cut the recursion where an episode ends", "credit must not cross a reset", confirm="gae_recompute", verify="gae_error is float error"),)

FIRES = (synthetic("at ends only", gae_wrong_at_ends=1.0, gae_wrong_inside=0.0, gae_wrong_at_last=0.0), synthetic("episodes of one step", gae_wrong_at_ends=1.0),)
SILENT = (synthetic("right", gae_wrong_at_ends=0.0, gae_wrong_inside=0.0), synthetic("wrong everywhere", gae_wrong_at_ends=1.0, gae_wrong_inside=0.9), synthetic("rows mixed up", gae_wrong_at_ends=1.0, advantage_permuted=1.0),)
