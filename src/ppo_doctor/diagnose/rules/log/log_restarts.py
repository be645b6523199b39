"""LOG102 log-restarts."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Evidence, Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.run import Run, Series, synthetic

COUNTERS = ("updates", "gradient_steps", "env_steps")
ONCE = (
    "approx_kl_mean",
    "approx_kl_last",
    "v_loss",
    "pg_loss",
    "entropy",
    "explained_variance",
    "learning_rate",
    *COUNTERS,
)


@rule("LOG102", severity="warning", sees_nonfinite=True)
def log_restarts(run: Run, *, share: float = 0.02, least: int = 3) -> list[Finding]:
    """Several runs, or one run resumed, are mixed in one log.

    Looks at
    Signals that are logged once an update: the same environment step more than once, in more than `share` of `least`
    points or more; and counters that fall.

    Why it matters
    Curves then jump for no reason of the learner's, and every trend is computed across the seam.

    When it is wrong
    Loggers that write more often than they update repeat a step; then nothing is mixed, but the points count double.

    What to do
    Give each run a folder of its own; after a resume, drop what was logged beyond the checkpoint.

    References
    TensorBoard's documentation on purging orphaned data after a restart.
    """
    series = [one for name, one in run.all_series().items() if name in ONCE and len(one) >= least]
    if not series:
        raise Undecided("no signal that is logged once an update was recorded")
    evidence = [found for one in series if (found := _seam(one, share)) is not None]
    if not evidence:
        return []
    return [Finding("The log is not one run from start to end.", tuple(evidence[:4]), REMEDIES)]


def _seam(series: Series, share: float) -> Evidence | None:
    falls = np.concatenate([[False], np.diff(series.value) < 0])
    if series.name in COUNTERS and falls.any():
        return seen(series, series.value[int(np.argmax(falls))], "falls to", hits=falls)
    again = np.concatenate([[False], np.diff(series.step) == 0])
    return (
        seen(series, again.mean(), "share of repeated steps", ">", share, hits=again) if again.mean() > share else None
    )


REMEDIES = (
    Remedy(
        "Read each run's files by themselves",
        "a diagnosis across a seam is one of neither run",
        verify="no step occurs twice",
    ),
)

FIRES = (
    synthetic("two runs in one folder", v_loss=[1.0, 0.9, 1.0, 0.9], every=0),
    synthetic("a counter starts again", updates=[1, 2, 3, 4, 1, 2, 3, 4]),
)
SILENT = (
    synthetic("one run", v_loss=[1.0, 0.9, 0.8, 0.7], updates=[1, 2, 3, 4]),
    synthetic("a falling loss is no counter", v_loss=[9.0, 3.0, 1.0, 5.0]),
)
