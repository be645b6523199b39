"""POL103 entropy-at-maximum."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import median, need, progress, spent, tail
from ppo_doctor.run import Series, synthetic


@rule("POL103", severity="warning", instead={"eval_sampled_mean_return": ("mean_ep_return",)})
def entropy_at_maximum(
    entropy_frac: Series,
    eval_sampled_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    ent_coef_start: float | None = None,
    total_steps: float | None = None,
    *,
    limit: float = 0.95,
    least: int = 8,
    budget: float = 0.3,
) -> list[Finding]:
    """The policy is still uniform and the return has not moved.

    Looks at
    The median entropy fraction of the last half, above `limit`, of `least` points at least, with `budget` of the
    planned steps gone; and whether the *sampled* return rose above random play: the greedy policy of a network near
    uniform shows its initial weights, not learning.

    Why it matters
    The policy has learnt nothing: either no signal reaches it, or something holds it at uniform.

    When it is wrong
    Where uniform play is optimal (equal servers, a penny-matching game) there is nothing to learn; a run that stands at
    the best baseline is clean. Early in training every policy is uniform.

    What to do
    Never reward more entropy: it is at its maximum. Ask whether actions matter and the observation tells them apart;
    then whether steps are large enough, or the bonus outweighs the advantage.

    References
    Ahmed et al. 2019; Andy Jones, Debugging Reinforcement Learning Systems Without The Agonizing Pain.
    """
    need(entropy_frac, int(least), "points")
    spent(entropy_frac, total_steps, budget)
    late = tail(entropy_frac, 0.5)
    if median(late) <= limit:
        return []
    if eval_sampled_mean_return is None:
        raise Undecided("entropy is at its maximum, but no return of the sampled policy was recorded")
    come = progress(eval_sampled_mean_return, random_return, best_baseline_return, random_return_std)
    if come.at_par or come.rising or come.learnt:
        return []
    evidence = [seen(late, median(late), "median of the last half", ">", limit, hits=late.value > limit)]
    evidence.append(seen(tail(come.series), come.level, "median of the last quarter"))
    if ent_coef_start is not None:
        evidence.append(given("ent_coef_start", ent_coef_start))
    meaning = "The policy chooses as if at random, and the return shows no learning."
    return [Finding(meaning, tuple(evidence), REMEDIES)]


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
        verify="approx_kl_max rises towards a hundredth, entropy_frac falls",
        change={"learning_rate": "x5"},
    ),
    Remedy(
        "Lower the entropy coefficient",
        "a bonus larger than the advantage holds the policy at uniform",
        verify="entropy_frac falls and the return rises",
        change={"ent_coef": "x0.1"},
    ),
)

_RETURN: Any = {"eval_sampled_mean_return": [10.0, 11.0, 9.0, 10.0] * 5}
FIRES = (
    synthetic("uniform and flat", entropy_frac=[0.99] * 20, ent_coef_start=10, **_RETURN),
    synthetic("sinking below zero", entropy_frac=[0.99] * 20, eval_sampled_mean_return=[-1.0 * k for k in range(20)]),
)
SILENT = (
    synthetic("learns", entropy_frac=[0.97] * 20, eval_sampled_mean_return=[10.0 + 2 * k for k in range(20)]),
    synthetic("entropy falls", entropy_frac=[1.0 - 0.02 * k for k in range(20)], **_RETURN),
    synthetic("uniform is best", entropy_frac=[0.99] * 20, random_return=2, best_baseline_return=10, **_RETURN),
)
