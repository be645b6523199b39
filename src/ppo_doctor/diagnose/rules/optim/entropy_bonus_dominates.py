"""OPT107 entropy-bonus-dominates."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, median, need, stalled, tail
from ppo_doctor.run import Series, synthetic


@rule("OPT107", severity="warning", instead={"eval_mean_return": ("mean_ep_return",)})
def entropy_bonus_dominates(
    grad_norm_entropy: Series,
    grad_norm_policy: Series,
    ent_coef_start: float,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    factor: float = 2.0,
    least: int = 6,
) -> list[Finding]:
    """The entropy bonus pulls harder than the advantage.

    Looks at
    The gradient norm of the bonus (with its coefficient) against that of the surrogate: the median ratio of the last
    half above `factor`, over `least` points, on a run whose return is stuck.

    Why it matters
    The policy is held where the bonus wants it. Raising the bonus further can only make it worse.

    When it is wrong
    At uniform the gradient of the entropy is zero by itself: a policy that is stuck there does not show up here, but in
    the entropy.

    What to do
    Lower the coefficient until the two are of one size; it is measured against advantages of unit spread.

    References
    Ahmed et al. 2019, Understanding the Impact of Entropy on Policy Optimization.
    """
    bonus, surrogate = aligned(grad_norm_entropy, grad_norm_policy)
    need(bonus, int(least), "points")
    bonus, surrogate = tail(bonus, 0.5), tail(surrogate, 0.5)
    over = bonus.value > factor * surrogate.value
    if over.mean() <= 0.5:
        return []
    come = stalled("the bonus dominates", eval_mean_return, random_return, best_baseline_return, random_return_std)
    if come is None:
        return []
    pull = seen(bonus, median(bonus), "median of the last half", ">", factor * median(surrogate), hits=over)
    evidence = (
        pull,
        seen(surrogate, median(surrogate), "median of the last half"),
        given("ent_coef_start", ent_coef_start),
    )
    return [Finding("The policy follows the bonus, not the reward.", (*evidence, come.evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Lower the entropy coefficient",
        "the reward must be able to outbid the bonus",
        verify="grad_norm_entropy falls below grad_norm_policy and the return rises",
        change={"ent_coef": "x0.1"},
    ),
)

_FLAT: Any = {"eval_mean_return": [10.0, 11.0, 9.0, 10.0] * 3, "ent_coef_start": 0.5}
FIRES = (synthetic("bonus of a half", grad_norm_entropy=[0.3] * 12, grad_norm_policy=[0.05] * 12, **_FLAT),)
SILENT = (
    synthetic("balanced", grad_norm_entropy=[0.05] * 12, grad_norm_policy=[0.05] * 12, **_FLAT),
    synthetic("dominates early only", grad_norm_entropy=[0.3] * 5 + [0.01] * 7, grad_norm_policy=[0.05] * 12, **_FLAT),
)
