"""REW107 reward-shifts."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import broken, need
from ppo_doctor.run import Series, synthetic


@rule("REW107", severity="warning", instead={"approx_kl_max": ("approx_kl_mean", "approx_kl_last")})
def reward_shifts(
    reward_mean: Series,
    approx_kl_max: Series,
    curriculum_progress: Series | None = None,
    *,
    size: float = 12.0,
    kl: float = 1e-3,
    least: int = 12,
) -> list[Finding]:
    """The reward changes its level although the policy does not move.

    Looks at
    The mean reward per step: a change of level by CUSUM of more than `size` times the spread around both levels, at a
    place where no update moved the policy by more than `kl`. Needs `least` updates. A curriculum explains it.

    Why it matters
    The reward depends on something that is not the policy: a stage factor, a step counter, a running statistic, an
    average over episodes. Values learnt before are then wrong, and curves cannot be compared across the break.

    When it is wrong
    Environments with seasons or long episodes drift by themselves.

    What to do
    List what the reward depends on besides state and action, and show it to the agent or take it out.

    References
    Ng et al. 1999; Padakandla et al. 2020, Reinforcement Learning in Non-Stationary Environments.
    """
    need(reward_mean, int(least))
    if curriculum_progress is not None and len(curriculum_progress):
        return []
    jump = broken(reward_mean)
    if jump is None or jump.size <= size:
        return []
    first = reward_mean.step[max(jump.index - 2, 0)]
    near = (approx_kl_max.step >= first) & (approx_kl_max.step <= jump.step)
    if not near.any() or approx_kl_max.value[near].max() > kl:
        return []
    window = approx_kl_max.where(near)
    since = reward_mean.where(reward_mean.step >= jump.step)
    evidence = (
        seen(since, jump.after, "median after the break", "<" if jump.after < jump.before else ">", jump.before),
        seen(window, window.value.max(), "largest around the break", "<=", kl),
    )
    return [Finding("Something other than the policy changed what it is paid.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "List what the reward depends on besides state and action, and take it out or show it to the agent",
        "a reward that moves by itself cannot be predicted, and its values go stale",
        confirm="reward_terms",
        verify="reward_mean no longer breaks where the KL is small",
    ),
)

_BREAK = [1.0, 1.1, 0.9, 1.0, 1.1, 0.9, 1.0] + [9.0, 9.1, 8.9] * 3
FIRES = (synthetic("a stage factor", reward_mean=_BREAK, approx_kl_max=[1e-5] * 16),)
SILENT = (
    synthetic("the policy learnt", reward_mean=_BREAK, approx_kl_max=[0.02] * 16),
    synthetic("a curriculum", reward_mean=_BREAK, approx_kl_max=[1e-5] * 16, curriculum_progress=[0.0] * 16),
    synthetic("noise", reward_mean=[1.0, 1.1, 0.9, 1.2] * 4, approx_kl_max=[1e-5] * 16),
)
