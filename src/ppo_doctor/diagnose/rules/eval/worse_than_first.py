"""EVA104 worse-than-first."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import falls, material, median, need, progress, spread, tail
from ppo_doctor.run import Series, synthetic


@rule(
    "EVA104",
    severity="warning",
    instead={"eval_sampled_mean_return": ("mean_ep_return", "eval_mean_return")},
)
def worse_than_first(
    eval_sampled_mean_return: Series,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    noise: float = 4.0,
    least: int = 10,
) -> list[Finding]:
    """Training made the policy worse than it was at the start.

    Looks at
    The return of the policy as sampled: the median of the last quarter below that of the first three points by more
    than `noise` times the spread of that quarter and by something that matters, and falling by Mann-Kendall, over
    `least` points. The greedy return is used only if no other is recorded: that of a fresh policy is an accident.

    Why it matters
    The gradient points away from the return: a sign is wrong, or what is optimised is not what is measured.

    When it is wrong
    A curriculum that gets harder. A start from a good policy that is unlearnt by exploration comes back later.

    What to do
    Look at signs first: reward, advantage, entropy term. Then see whether the trained reward rises while this falls.

    References
    Andy Jones 2021, Debugging Reinforcement Learning Systems.
    """
    returns = eval_sampled_mean_return
    need(returns, int(least), "points")
    first, late = returns.until(int(returns.step[2])), tail(returns)
    margin = max(noise * spread(late), material(random_return, best_baseline_return, random_return_std))
    bar = median(first) - margin
    come = progress(returns, random_return, best_baseline_return, random_return_std)
    if median(late) >= bar or come.at_par or not falls(returns):
        return []
    worse = seen(late, median(late), "median of the last quarter", "<", bar, hits=late.value < bar)
    return [
        Finding(
            "Learning moves the policy away from the return.",
            (worse, seen(first, median(first), "median of the first three")),
            REMEDIES,
        )
    ]


REMEDIES = (
    Remedy(
        "Check the signs: costs must enter the reward with a minus, the surrogate and the bonus the loss with a minus",
        "a wrong sign learns the opposite, quickly and without noise",
        confirm="reward_terms",
        verify="the return rises from its start",
    ),
    Remedy(
        "Compare the reward that is trained on with the return that is reported",
        "shaping that can be collected without doing the task pulls away from it",
        confirm="reward_terms",
    ),
)

FIRES = (
    synthetic("sign of the reward", eval_sampled_mean_return=[22.0 - k for k in range(14)]),
    synthetic("negative returns", mean_ep_return=[-200.0 - 30.0 * k for k in range(14)]),
)
SILENT = (
    synthetic("learns", eval_sampled_mean_return=[22.0 + k for k in range(14)]),
    synthetic("flat", eval_sampled_mean_return=[22.0, 20.0, 23.0, 19.0] * 4),
)
