"""CFG133 entropy-coefficient-extreme."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import progress
from ppo_doctor.run import Series, synthetic


@rule("CFG133", severity="warning", instead={"eval_sampled_mean_return": ("mean_ep_return",)})
def entropy_coefficient_extreme(
    ent_coef_start: float,
    ent_coef_end: float | None = None,
    normalize_advantage: float | None = None,
    eval_sampled_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    limit: float = 0.2,
    least: int = 6,
) -> list[Finding]:
    """The entropy coefficient lies far outside of what any known setup uses.

    Looks at
    The larger of the coefficient's start and end, above `limit` per nat, beside advantages of unit spread (not where
    their standardisation is known to be off). Not on a run whose sampled return stands at the best baseline, over
    `least` points: there it does no harm.

    Why it matters
    One nat of entropy is then worth as much as a fifth of an advantage's spread in every state, whatever the task. A
    policy that must be exact cannot be, and one that learns all the same settles for less.

    When it is wrong
    A coefficient that is tuned while training runs, or that is annealed within the first few updates.

    What to do
    Start at nothing or a hundredth. At high entropy there is never a reason to raise it.

    References
    Andrychowicz et al. 2021 (best below a hundredth); stable-baselines3 issue 2240 (0.15, entropy at 96 %).
    """
    coefficient = max(ent_coef_start, ent_coef_start if ent_coef_end is None else ent_coef_end)
    if coefficient <= limit or normalize_advantage == 0.0:
        return []
    returns, best = eval_sampled_mean_return, best_baseline_return
    if returns is not None and best is not None and len(returns) >= least:
        come = progress(returns, random_return, best, random_return_std, int(least))
        if come.at_par:
            return []
    return [Finding("Randomness is paid like success.", (given("ent_coef_start", coefficient, ">", limit),), REMEDIES)]


REMEDIES = (
    Remedy(
        "Lower the entropy coefficient to a hundredth",
        "the reward must be able to outbid the bonus",
        verify="entropy_frac falls and the return rises",
        change={"ent_coef": "0.01"},
    ),
)

_HALF: Any = {"random_return": 20.0, "best_baseline_return": 200.0}
FIRES = (
    synthetic("one", ent_coef_start=1.0),
    synthetic("it learns, and stops half way", ent_coef_start=0.5, mean_ep_return=[100.0] * 8, **_HALF),
)
SILENT = (
    synthetic("usual", ent_coef_start=0.01),
    synthetic("advantages of any size", ent_coef_start=1.0, normalize_advantage=0.0),
    synthetic("at the best baseline", ent_coef_start=0.5, mean_ep_return=[200.0] * 8, **_HALF),
)
