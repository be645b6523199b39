"""CFG109 entropy-coefficient-high."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import entropy_ceiling, median, need, spent, stalled, tail
from ppo_doctor.run import Series, synthetic


@rule(
    "CFG109",
    severity="warning",
    instead={"entropy_frac": ("entropy",), "eval_sampled_mean_return": ("mean_ep_return",)},
)
def entropy_coefficient_high(
    ent_coef_start: float,
    entropy_frac: Series,
    ent_coef_end: float | None = None,
    eval_sampled_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    log_std_mean: Series | None = None,
    n_actions: float | None = None,
    masked: float | None = None,
    total_steps: float | None = None,
    *,
    limit: float = 0.05,
    share: float = 0.9,
    least: int = 8,
    budget: float = 0.3,
) -> list[Finding]:
    """The entropy coefficient is large and the policy stays spread out.

    Looks at
    The larger of `ent_coef_start` and the coefficient's end, at or above `limit` per nat beside advantages of unit
    spread; and the entropy, whose median over the last half stays above `share` of its maximum (`least` points,
    `budget` of the planned steps gone), on a run whose sampled return is stuck.

    Why it matters
    The optimum of advantage plus bonus is a softmax of advantages over the coefficient: a small signal cannot win.

    When it is wrong
    With a signal that is absent altogether the policy stays uniform at any coefficient.

    What to do
    Lower it. At high entropy there is never a reason to raise it.

    References
    Ahmed et al. 2019; stable-baselines3 issue 2240 (coefficient 0.15, entropy at 96 %).
    """
    coefficient = max(ent_coef_start, ent_coef_start if ent_coef_end is None else ent_coef_end)
    if coefficient < limit:
        return []
    need(entropy_frac, int(least), "points")
    spent(entropy_frac, total_steps, budget)
    late, bar = tail(entropy_frac, 0.5), share * entropy_ceiling(entropy_frac, n_actions, masked, log_std_mean)[0]
    if median(late) <= bar:
        return []
    references = (random_return, best_baseline_return, random_return_std)
    come = stalled("the bonus is large", eval_sampled_mean_return, *references)
    if come is None:
        return []
    spread = seen(late, median(late), "median of the last half", ">", bar, hits=late.value > bar)
    evidence = (given("ent_coef_start", ent_coef_start), spread, come.evidence)
    return [Finding("The bonus may be what holds the policy spread out.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Lower the entropy coefficient to a tenth",
        "the reward must be able to outbid the bonus",
        verify="entropy_frac falls and the return rises",
        change={"ent_coef": "x0.1"},
    ),
)

_HIGH: Any = {"entropy_frac": [0.97] * 12, "eval_sampled_mean_return": [10.0, 11.0, 9.0, 10.0] * 3}
FIRES = (synthetic("held at uniform", ent_coef_start=0.15, **(_HIGH | {"entropy_frac": [0.93] * 12})),)
SILENT = (
    synthetic("a small coefficient", ent_coef_start=0.01, **(_HIGH | {"entropy_frac": [0.93] * 12})),
    synthetic("large, and decided all the same", ent_coef_start=0.15, **(_HIGH | {"entropy_frac": [0.4] * 12})),
)
