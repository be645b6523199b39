"""DAT115 bootstrap-missing."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("DAT115", severity="critical")
def bootstrap_missing(gae_wrong_at_last: float, gae_wrong_inside: float | None = None, advantage_permuted: float | None = None, advantage_cleared_frac: float | None = None, done_mismatch: float | None = None, *, limit: float = 0.0) -> list[Finding]:
    """The advantages leave out what comes after the rollout.

    Looks at
    The audit holds every advantage against its own successor, and that of the last step against the value of the state
    that really followed. It fires if the last step is wrong (`gae_wrong_at_last` above `limit`) and no row inside an
    episode is.

    Why it matters
    Everything just before a cut looks worthless; long tasks and short rollouts settle lower, and nothing else looks
    wrong.

    When it is wrong
    Where ends are not stored as they happened (`done_mismatch`), the bootstrap is wrong for that reason: then it is
    clean.

    What to do
    Bootstrap with the value of the state after the cut: not zero, not the last stored state, not the state after the
    reset.

    References
    Pardo et al. 2018, Time Limits in Reinforcement Learning; Stable-Baselines3 commit fc95271.
    """
    elsewhere = (gae_wrong_inside, advantage_permuted, advantage_cleared_frac, done_mismatch)
    if gae_wrong_at_last <= limit or any(one is not None and one > limit for one in elsewhere):
        return []
    return [Finding("The future after a cut is left out, or taken from the wrong state.", (given("gae_wrong_at_last", gae_wrong_at_last, ">", limit),), REMEDIES)]


REMEDIES = (Remedy("Bootstrap from the state after the cut", "the task goes on there", confirm="gae_recompute", verify="gae_error is float error"),)

FIRES = (synthetic("the last step", gae_wrong_at_last=0.8, gae_wrong_inside=0.0), synthetic("time limits too", gae_wrong_at_last=0.8, gae_wrong_at_ends=1.0),)
SILENT = (synthetic("right", gae_wrong_at_last=0.0), synthetic("wrong everywhere", gae_wrong_at_last=0.8, gae_wrong_inside=0.9),)
