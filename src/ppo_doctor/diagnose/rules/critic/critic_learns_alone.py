"""VAL105 critic-learns-alone."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, median, need, tail
from ppo_doctor.run import Series, synthetic


@rule("VAL105", severity="info", instead={"approx_kl_mean": ("approx_kl_last",)})
def critic_learns_alone(
    explained_variance: Series, approx_kl_mean: Series, *, limit: float = 1e-5, explained: float = 0.1, least: int = 8
) -> list[Finding]:
    """The critic learns, and the policy never moved.

    Looks at
    The median explained variance of the last quarter, above `explained`, in a run of `least` updates or more whose
    largest KL is at or below `limit`.

    Why it matters
    Data, rewards, observations and the optimiser's step are good enough for the critic. What is missing is the policy's
    own gradient: its parameters are not in the optimiser, its advantages are lost or broadcast, its share of a clipped
    gradient is nil, or the clip range stops it. A learning rate that is too low stops both.

    When it is wrong
    With two optimisers, a rate that is too low for the policy alone looks the same.

    What to do
    Look at the policy's gradient by itself: is it there, and what is left of it after clipping?

    References
    Engstrom et al. 2020; Andrychowicz et al. 2021.
    """
    learnt, moved = aligned(explained_variance, approx_kl_mean)
    need(learnt, int(least))
    late = tail(learnt)
    if moved.value.max() > limit or median(late) <= explained:
        return []
    evidence = (
        seen(late, median(late), "median of the last quarter", ">", explained, hits=late.value > explained),
        seen(moved, float(moved.value.max()), "largest", "<=", limit),
    )
    return [Finding("Only half of the learner learns.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Record the gradient norm of the policy's parameters before and after clipping",
        "nothing before: no gradient reaches them; nothing after: another term has eaten it",
        verify="the policy's gradient survives the clip, and approx_kl_mean rises",
    ),
)

FIRES = (
    synthetic("only the critic", explained_variance=[0.0, 0.2, 0.4, 0.5] + [0.55] * 8, approx_kl_mean=[1e-9] * 12),
)
SILENT = (
    synthetic("both learn", explained_variance=[0.0, 0.2, 0.4, 0.5] + [0.6] * 8, approx_kl_mean=[0.01] * 12),
    synthetic("neither does", explained_variance=[0.0, 0.01, -0.01, 0.0] * 3, approx_kl_mean=[1e-9] * 12),
)
