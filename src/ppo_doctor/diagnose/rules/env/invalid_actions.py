"""ENV101 invalid-actions."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import median, tail
from ppo_doctor.run import Series, synthetic


@rule("ENV101", severity="critical")
def invalid_actions(
    invalid_frac: Series, eval_invalid_frac: Series | None = None, masked: float | None = None, *, limit: float = 0.05
) -> list[Finding]:
    """Actions reach the environment that its mask forbids.

    Looks at
    The share of invalid actions in training and, if recorded, in evaluation, and whether the policy samples under a
    hard mask (`masked`). Under a mask any invalid action counts; without one, or if that is unknown, the share at the
    end of training must exceed `limit`.

    Why it matters
    Under a hard mask an invalid action has probability zero, so one is a bug until proved otherwise: the mask is stale,
    shifted by one, of another environment, or lost in evaluation. The log-probabilities are then wrong too.

    When it is wrong
    Without a mask, penalised invalid actions are normal early in training.

    What to do
    Compare the mask the policy saw with the one the environment checks, in the same step.

    References
    Huang & Ontanon 2022, A Closer Look at Invalid Action Masking in Policy Gradient Algorithms.
    """
    recorded = [series for series in (invalid_frac, eval_invalid_frac) if series is not None]
    evidence = []
    for series in recorded:
        late = tail(series)
        if masked and (series.value > 0.0).any():
            evidence.append(seen(series, series.value.max(), "largest", ">", 0.0, hits=series.value > 0.0))
        elif not masked and median(late) > limit:
            evidence.append(seen(late, median(late), "median of the last quarter", ">", limit, hits=late.value > limit))
    if evidence:
        meaning = "The environment receives actions that are illegal there."
        return [Finding(meaning, tuple(evidence), REMEDIES)]
    if masked is None and any((series.value > 0.0).any() for series in recorded):
        raise Undecided("a few actions were invalid, and `masked` was not recorded: under a hard mask that is a bug")
    return []


REMEDIES = (
    Remedy(
        "Compare, step by step, the mask the policy used with the one the environment checks",
        "a mask that is stale or shifted forbids the wrong actions",
        confirm="mask_consistency",
        verify="invalid_frac is exactly zero",
    ),
    Remedy(
        "Pass the mask wherever the policy acts, evaluation and baselines included, and mask before sampling",
        "a code path without the mask is the other known cause",
        verify="eval_invalid_frac is exactly zero",
    ),
)

FIRES = (
    synthetic("stale mask", invalid_frac=[0.01, 0.02, 0.01, 0.02], masked=1),
    synthetic("mask lost in evaluation", invalid_frac=[0.0, 0.0], eval_invalid_frac=[0.3, 0.2], masked=1),
    synthetic("penalty too weak", invalid_frac=[0.6, 0.5, 0.5, 0.4], masked=0),
)
SILENT = (
    synthetic("hard mask", invalid_frac=[0.0, 0.0, 0.0], masked=1),
    synthetic("penalty does its work", invalid_frac=[0.6, 0.3, 0.1, 0.04, 0.01, 0.01], masked=0),
)
