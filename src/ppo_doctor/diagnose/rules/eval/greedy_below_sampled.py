"""EVA109 greedy-below-sampled."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, material, median, need, progress, spread, tail
from ppo_doctor.run import Series, synthetic


@rule("EVA109", severity="warning")
def greedy_below_sampled(
    eval_mean_return: Series,
    eval_sampled_mean_return: Series,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    share: float = 0.3,
    least: int = 6,
) -> list[Finding]:
    """The greedy policy does worse than the policy it is the greedy form of.

    Looks at
    The difference of both returns on the same seeds, `least` evaluations: its median over the last quarter, the greedy
    one below by more than `share` of what sampling gained, by more than matters, and by more than four standard errors.

    Why it matters
    The policy that would be deployed is not the one that was learnt. The argmax ties itself to one action, gets stuck
    in loops, or flips on hairs of a flat policy.

    When it is wrong
    Where randomness is part of the solution (hidden state, opponents), sampling is right: deploy the sampled policy.

    What to do
    Report both. Train longer, or lower the temperature slowly, if a deterministic policy is needed.

    References
    stable-baselines3 issue 1063; Singh et al. 1994 on stochastic policies under hidden state.
    """
    greedy, sampled = aligned(eval_mean_return, eval_sampled_mean_return)
    need(greedy, int(least), "evaluations")
    come = progress(sampled, random_return, best_baseline_return, random_return_std)
    late, other = tail(greedy), tail(sampled)
    gap = Series("eval_mean_return", late.step, late.value - other.value)
    start = float(sampled.value[0]) if random_return is None else random_return
    matters = material(random_return, best_baseline_return, random_return_std)
    bar = max(share * (come.level - start), matters, 4.0 * spread(gap) / len(gap) ** 0.5)
    if not come.rose or median(gap) >= -bar:
        return []
    below = seen(late, median(late), "median of the last quarter", "<", median(other) - bar)
    return [
        Finding(
            "Taking the likeliest action is worse than drawing one.",
            (below, seen(other, median(other), "median of the last quarter")),
            REMEDIES,
        )
    ]


REMEDIES = (
    Remedy(
        "Evaluate and deploy the sampled policy, or report both",
        "it is the policy that was trained",
        verify="eval_sampled_mean_return is what the deployment earns",
    ),
    Remedy(
        "Lower the entropy coefficient towards the end",
        "if determinism is needed, the policy must become decided by itself",
        verify="both returns meet",
        change={"ent_coef": "linear to 0"},
    ),
)

_ROSE = [0.0, 40.0, 80.0] + [100.0, 101.0, 99.0] * 3
FIRES = (synthetic("loops when greedy", eval_sampled_mean_return=_ROSE, eval_mean_return=[0.0, 10.0] + [30.0] * 10),)
SILENT = (
    synthetic("greedy is better", eval_sampled_mean_return=_ROSE, eval_mean_return=[value + 20.0 for value in _ROSE]),
    synthetic("nothing learnt yet", eval_sampled_mean_return=[5.0, 6.0, 4.0] * 4, eval_mean_return=[0.0] * 12),
)
