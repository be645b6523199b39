"""CFG107 rollout-tiny."""

from __future__ import annotations

import dataclasses

import numpy as np

from ppo_doctor.diagnose.finding import Evidence, Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.run import Run, synthetic

ONCE = ("v_loss", "approx_kl_mean", "approx_kl_last", "explained_variance", "entropy", "pg_loss")


@rule("CFG107", severity="warning", sees_nonfinite=True)
def rollout_tiny(run: Run, *, limit: float = 64.0, least: int = 5) -> list[Finding]:
    """A rollout holds a few dozen steps.

    Looks at
    The setting `rollout_rows`; where it is unknown, the environment steps from one logged update to the next, of which
    there must be `least` (an upper bound: a log may skip updates). At or below `limit`.

    Why it matters
    Advantages are standardised by, and the gradient averaged over, a handful of steps of one stretch of one episode:
    the direction is noise, and the critic is fitted to that stretch.

    When it is wrong
    Algorithms that update every few steps by design, with a small learning rate; large parallel simulators have short
    rollouts but thousands of environments, which count here.

    What to do
    A thousand steps and more per rollout are ordinary; add environments or lengthen the rollout.

    References
    Schulman 2016: bigger batches than you think; a real case had two, then ten steps.
    """
    rows = run.scalar("rollout_rows")
    if rows is not None and np.isfinite(rows):
        evidence, size = given("rollout_rows", rows, "<=", limit), rows
    else:
        evidence, size = _between_updates(run, int(least), limit)
    return [Finding("Each update rests on a glimpse.", (evidence,), REMEDIES)] if size <= limit else []


def _between_updates(run: Run, least: int, limit: float) -> tuple[Evidence, float]:
    series = [one for name, one in run.all_series().items() if name in ONCE and len(np.unique(one.step)) > least]
    if not series:
        raise Undecided("neither rollout_rows nor the steps of updates were recorded")
    longest = max(series, key=len)
    size = float(np.median(np.diff(np.unique(longest.step))))
    evidence = seen(longest, size, "logged every (median)", "<=", limit)
    return dataclasses.replace(evidence, unit="steps"), size


REMEDIES = (
    Remedy(
        "Collect a thousand steps or more per update, from several environments",
        "standardised advantages of a few steps of one episode are noise",
        verify="half_batch_cosine and explained_variance rise",
        change={"n_steps": "x16"},
    ),
)

FIRES = (
    synthetic("ten steps", rollout_rows=10),
    synthetic("ten steps, from the log", v_loss=[1.0] * 9, every=10),
)
SILENT = (
    synthetic("ordinary", rollout_rows=2048),
    synthetic("ordinary, from the log", v_loss=[1.0] * 9, every=2048),
)
