"""LOG106 metric-window-short."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("LOG106", severity="warning")
def metric_window_short(metric_window_share: float, *, limit: float = 0.5) -> list[Finding]:
    """A reported metric covers a small part of what it is reported for.

    Looks at
    The probe's share of the rollout's steps that a reported training metric covers, below `limit`.

    Why it matters
    Accumulators that are reset at the end of each episode keep the last piece only: the metric oscillates with its
    window, and jumps by the inverse of the number of its steps.

    When it is wrong
    A metric that is meant to show the last moments only.

    What to do
    Sum over the whole rollout, and report the count beside the mean.

    References
    None; a rule of this project, from a run whose reward covered the last few percent of each rollout.
    """
    if metric_window_share >= limit:
        return []
    evidence = (given("metric_window_share", metric_window_share, "<", limit),)
    return [Finding("The metric shows a window, not the rollout.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Accumulate over the whole rollout, across resets, and log the count",
        "then a point means what its name says",
        verify="metric_window_share is one",
    ),
)

FIRES = (
    synthetic("the last piece", metric_window_share=48 / 2048),
    synthetic("the last episode", metric_window_share=0.3),
)
SILENT = (synthetic("all of it", metric_window_share=1.0), synthetic("at the limit", metric_window_share=0.5))
