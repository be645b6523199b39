"""POL103 entropy-at-maximum."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import entropy_ceiling, median, need, predetermined, progress, spent, tail
from ppo_doctor.run import Series, synthetic


@rule(
    "POL103",
    severity="warning",
    instead={"entropy_frac": ("entropy",), "eval_sampled_mean_return": ("mean_ep_return",)},
)
def entropy_at_maximum(
    entropy_frac: Series,
    eval_sampled_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    log_std_mean: Series | None = None,
    n_actions: float | None = None,
    masked: float | None = None,
    total_steps: float | None = None,
    *,
    limit: float = 0.95,
    least: int = 8,
    budget: float = 0.3,
) -> list[Finding]:
    """The policy is still uniform and the return has not moved.

    Looks at
    The median entropy of the last half above `limit` of its maximum (of its start, where that is unknown), of `least`
    points at least, with `budget` of the planned steps gone; and whether the *sampled* return rose above random play:
    the greedy policy of a network near uniform shows its initial weights, not learning.

    Why it matters
    The policy has learnt nothing: either no signal reaches it, or something holds it at uniform.

    When it is wrong
    Where uniform play is optimal (equal servers, a penny-matching game) there is nothing to learn; a run that stands at
    the best baseline is clean. Early in training every policy is uniform.

    What to do
    Never reward more entropy: it is at its maximum. Ask whether actions matter and the observation tells them apart.

    References
    Ahmed et al. 2019; Andy Jones, Debugging Reinforcement Learning Systems Without The Agonizing Pain.
    """
    need(entropy_frac, int(least), "points")
    spent(entropy_frac, total_steps, budget)
    late, bar = tail(entropy_frac, 0.5), limit * entropy_ceiling(entropy_frac, n_actions, masked, log_std_mean)[0]
    if median(late) <= bar:
        return []
    if eval_sampled_mean_return is None:
        raise Undecided("entropy is at its maximum, but no return of the sampled policy was recorded")
    predetermined(eval_sampled_mean_return, random_return, random_return_std)
    come = progress(eval_sampled_mean_return, random_return, best_baseline_return, random_return_std)
    if come.at_par or come.rising or come.learnt:
        return []
    spread = seen(late, median(late), "median of the last half", ">", bar, hits=late.value > bar)
    return [Finding("The policy chooses as if at random, and nothing was learnt.", (spread, come.evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Test whether actions change the return, and the next state, at all",
        "choices that do not matter cannot be learnt",
        confirm="action_influence",
    ),
    Remedy(
        "Test whether the observation tells apart the states in which actions differ",
        "a policy that cannot see what matters is best uniform",
        confirm="observability",
    ),
    Remedy(
        "Raise the learning rate",
        "if KL and clip fraction are near zero, updates are too small to show",
        change={"learning_rate": "x5"},
    ),
    Remedy(
        "Lower the entropy coefficient",
        "a bonus larger than the advantage holds the policy at uniform",
        change={"ent_coef": "x0.1"},
    ),
)

_RETURN: Any = {"eval_sampled_mean_return": [10.0, 11.0, 9.0, 10.0] * 5}
FIRES = (
    synthetic("uniform and flat", entropy_frac=[0.99] * 20, **_RETURN),
    synthetic("sinking below zero", entropy_frac=[0.99] * 20, eval_sampled_mean_return=[-1.0 * k for k in range(20)]),
)
SILENT = (
    synthetic("learns", entropy_frac=[0.97] * 20, eval_sampled_mean_return=[10.0 + 2 * k for k in range(20)]),
    synthetic("entropy falls", entropy_frac=[1.0 - 0.02 * k for k in range(20)], **_RETURN),
    synthetic("uniform is best", entropy_frac=[0.99] * 20, random_return=2, best_baseline_return=10, **_RETURN),
)
