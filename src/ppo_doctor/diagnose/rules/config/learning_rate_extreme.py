"""CFG108 learning-rate-extreme."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import need
from ppo_doctor.run import Series, synthetic


@rule("CFG108", severity="warning")
def learning_rate_extreme(
    learning_rate: Series, *, high: float = 0.02, low: float = 1e-6, least: int = 3
) -> list[Finding]:
    """The learning rate lies far outside of what any known setup uses.

    Looks at
    The largest learning rate of the run, over `least` updates: above `high`, or not above `low` (in single precision,
    as most logs hold it). Adam makes it nearly free of scale: it is about the distance each weight moves per step.

    Why it matters
    Too high: the first updates replace the policy by an unrelated, deterministic one, and later signals look calm. Too
    low: nothing moves.

    When it is wrong
    Other optimisers have other scales (plain gradient descent); rates of a learning-rate-free method mean another
    thing.

    What to do
    Start at three ten-thousandths and change by factors of three.

    References
    Andrychowicz et al. 2021: best between a ten-thousandth and a thousandth; UMLAUT uses similar bounds.
    """
    need(learning_rate, int(least))
    rates = learning_rate.value.astype(np.float32)
    largest = float(learning_rate.value.max())
    if np.float32(low) < rates.max() <= np.float32(high):
        return []
    if largest > high:
        evidence = seen(learning_rate, largest, "largest", ">", high, hits=rates > np.float32(high))
        return [Finding("Each step throws the weights about.", (evidence,), LOWER)]
    evidence = seen(learning_rate, largest, "largest", "<=", low, hits=rates <= np.float32(low))
    return [Finding("Steps are too small to be seen.", (evidence,), HIGHER)]


LOWER = (
    Remedy(
        "Lower the learning rate to three ten-thousandths",
        "it is the value most published settings lie around",
        verify="approx_kl_max stays near a hundredth",
        change={"learning_rate": "3e-4"},
    ),
)
HIGHER = (
    Remedy(
        "Raise the learning rate to three ten-thousandths",
        "it is the value most published settings lie around",
        verify="approx_kl_mean rises to about a hundredth",
        change={"learning_rate": "3e-4"},
    ),
)

FIRES = (
    synthetic("a tenth", learning_rate=[0.1] * 6),
    synthetic("next to nothing", learning_rate=[3e-8] * 6),
)
SILENT = (
    synthetic("ordinary", learning_rate=[3e-4] * 6),
    synthetic("annealed to zero", learning_rate=[1e-3, 5e-4, 1e-4, 0.0]),
)
