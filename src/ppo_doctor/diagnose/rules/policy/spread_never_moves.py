"""POL150 spread-never-moves."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, median, need
from ppo_doctor.run import Series, synthetic


@rule("POL150", severity="info", instead={"approx_kl_mean": ("approx_kl_last",)})
def spread_never_moves(
    log_std_mean: Series, approx_kl_mean: Series, *, still: float = 1e-6, moves: float = 1e-4, least: int = 8
) -> list[Finding]:
    """The policy moves, and the spread of its Gaussian actions is the same number throughout.

    Looks at
    The range of the mean log standard deviation over `least` updates or more, at or below `still`, while the median KL
    is above `moves`.

    Why it matters
    The log standard deviation is a parameter with a gradient in every update: it cannot stand still while the mean
    moves, unless the optimiser was not given it, or it is fixed on purpose. Exploration then never narrows.

    When it is wrong
    Where the spread is a setting (a fixed or scheduled noise), or is clamped to its bound.

    What to do
    Compare the parameters of the policy with those of the optimiser, by name.

    References
    Andrychowicz et al. 2021, section on action distributions.
    """
    spread, moved = aligned(log_std_mean, approx_kl_mean)
    need(spread, int(least))
    span = float(np.ptp(spread.value))
    if span > still or median(moved) <= moves:
        return []
    evidence = (
        seen(spread, span, "range", "<=", still),
        seen(moved, median(moved), "median", ">", moves, hits=moved.value > moves),
    )
    return [Finding("The mean of the actions is trained, their spread is not.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Give the optimiser every parameter of the policy, the log standard deviation too",
        "a parameter made after the optimiser, or outside of the module, is not in its list",
        confirm="optimiser_audit",
        verify="log_std_mean changes from update to update",
    ),
)

FIRES = (synthetic("left out", log_std_mean=[0.0] * 12, approx_kl_mean=[0.01] * 12),)
SILENT = (
    synthetic("narrows", log_std_mean=[-0.01 * k for k in range(12)], approx_kl_mean=[0.01] * 12),
    synthetic("nothing moves", log_std_mean=[0.0] * 12, approx_kl_mean=[1e-9] * 12),
)
