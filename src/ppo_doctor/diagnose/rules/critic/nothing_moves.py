"""VAL106 nothing-moves."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, median, need, tail
from ppo_doctor.run import Series, synthetic


@rule("VAL106", severity="info", instead={"approx_kl_mean": ("approx_kl_last",)})
def nothing_moves(
    v_loss: Series,
    explained_variance: Series,
    approx_kl_mean: Series,
    *,
    limit: float = 1e-5,
    fall: float = 0.85,
    gain: float = 0.1,
    least: int = 8,
) -> list[Finding]:
    """Neither the policy nor the critic has moved.

    Looks at
    Three things over `least` updates or more: the largest KL at or below `limit`, the median value loss of the last
    quarter at or above `fall` of that of the first three updates, and an explained variance whose median in the last
    quarter is within `gain` of that of the first three updates.

    Why it matters
    Policy and critic have different losses and different data paths, but share the step: if both stand still, the
    step is too small for either. Or targets are so large that the critic needs the whole run to move its mean.

    When it is wrong
    A critic that is at its optimum from the start, as with returns that nothing predicts.

    What to do
    Look at the learning rate and its schedule, at the optimiser's epsilon, then at the scale of the returns.

    References
    Kingma & Ba 2015, on the step of Adam and its epsilon; Andrychowicz et al. 2021.
    """
    loss, explained, moved = aligned(v_loss, explained_variance, approx_kl_mean)
    need(loss, int(least))
    late, first = tail(loss), median(loss.where(loss.step <= loss.step[2]))
    began = median(explained.where(explained.step <= explained.step[2]))
    still = moved.value.max() <= limit and abs(median(tail(explained)) - began) <= gain
    if not still or median(late) < fall * first:
        return []
    evidence = (
        seen(late, median(late), "median of the last quarter", ">=", fall * first),
        seen(moved, float(moved.value.max()), "largest", "<=", limit),
    )
    return [Finding("Both halves of the learner stand where they began.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Raise the learning rate by ten once, on a short run",
        "critic and policy then both move, if the step is what is missing",
        verify="v_loss falls and approx_kl_mean rises",
        change={"learning_rate": "x10"},
    ),
    Remedy("Divide rewards by the spread of the returns", "a critic needs too many steps to reach a mean of thousands"),
)

FIRES = (
    synthetic(
        "a rate of nothing",
        v_loss=[32.0, 31.0, 33.0, 32.5] * 3,
        explained_variance=[0.0, 0.01, -0.01, 0.0] * 3,
        approx_kl_mean=[1e-9] * 12,
    ),
)
SILENT = (
    synthetic(
        "the critic learns",
        v_loss=[32.0, 25.0, 18.0, 14.0] + [10.0] * 8,
        explained_variance=[0.0, 0.2, 0.4, 0.5] + [0.6] * 8,
        approx_kl_mean=[1e-9] * 12,
    ),
    synthetic(
        "the policy moves",
        v_loss=[32.0, 31.0, 33.0, 32.5] * 3,
        explained_variance=[0.0, 0.01, -0.01, 0.0] * 3,
        approx_kl_mean=[0.01] * 12,
    ),
)
