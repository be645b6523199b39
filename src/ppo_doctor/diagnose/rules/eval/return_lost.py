"""EVA102 return-lost."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import broken, need, progress
from ppo_doctor.run import Series, synthetic


@rule("EVA102", severity="critical", instead={"eval_mean_return": ("mean_ep_return",)})
def return_lost(
    eval_mean_return: Series,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    limit: float = 0.5,
    least: int = 8,
) -> list[Finding]:
    """The run learnt, and lost most of it again.

    Looks at
    The share of the gain (from random play, or from the first value, to the best stretch of three points) that is gone
    in the median of the last quarter: above `limit`. A gain must exceed the noise, and matter. Needs `least` points.

    Why it matters
    The last checkpoint is not the product. Something moved first: the step from one break of the curve to the other
    tells what to look at in the KL, the entropy, the critic and the no-ops.

    When it is wrong
    A curriculum that gets harder lowers the return of the same policy; self-play has no absolute return.

    What to do
    Keep the best checkpoint. Then see which signal broke first, before the return did.

    References
    Henderson et al. 2018; Moalla et al. 2024 on collapse after representation loss.
    """
    need(eval_mean_return, int(least), "points")
    come = progress(eval_mean_return, random_return, best_baseline_return, random_return_std)
    if come.lost <= limit:
        return []
    best = seen(
        eval_mean_return,
        eval_mean_return.value.max(),
        "largest",
        hits=eval_mean_return.value == eval_mean_return.value.max(),
    )
    evidence = [best, come.evidence]
    if (drop := broken(eval_mean_return)) is not None and drop.after < drop.before:
        after = eval_mean_return.where(eval_mean_return.step >= drop.step)
        evidence.append(seen(after, drop.after, "median after the change of level", "<", drop.before))
    return [Finding("What was learnt is gone.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Take the best checkpoint by validation, not the last",
        "it is still there",
        verify="its return on fresh seeds is that of the best stretch",
    ),
    Remedy(
        "Let the learning rate decay to zero",
        "late updates then cannot undo early ones",
        verify="the last evaluations keep the level of the best",
        change={"learning_rate": "linear to 0"},
    ),
    Remedy(
        "Stop the update at a target KL",
        "if the fall followed a spike of the KL, that update would not have been taken",
        change={"target_kl": "0.02"},
    ),
)

FIRES = (
    synthetic("learnt and lost", eval_mean_return=[10.0, 50.0, 90.0, 91.0, 90.0] + [20.0, 21.0, 19.0, 20.0] * 2),
    synthetic("negative returns", mean_ep_return=[-90.0, -50.0, -10.0, -9.0, -10.0] + [-80.0, -81.0] * 4),
)
SILENT = (
    synthetic("kept", eval_mean_return=[10.0, 50.0, 90.0] + [100.0, 99.0] * 5),
    synthetic("flat self-play", eval_mean_return=[0.1, -0.1, 0.05, 0.0] * 4),
    synthetic("never learnt", eval_mean_return=[-50.0, -52.0, -49.0, -51.0] * 4),
)
