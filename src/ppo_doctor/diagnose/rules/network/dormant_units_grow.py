"""NET101 dormant-units-grow."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import median, need, rises, stalled, tail
from ppo_doctor.run import Series, synthetic


@rule("NET101", severity="warning", instead={"eval_mean_return": ("mean_ep_return",)})
def dormant_units_grow(
    dormant_frac: Series,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    limit: float = 0.3,
    gain: float = 0.1,
    dead: float = 0.95,
    least: int = 8,
) -> list[Finding]:
    """More and more hidden units fall silent.

    Looks at
    The share of dormant units: rising by Mann-Kendall, its last quarter's median above `limit` and more than `gain`
    above the first value, over `least` points, on a run whose return is stuck or was lost. Above `dead`, whatever the
    return: what is left of the policy does not depend on what it sees.

    Why it matters
    Silent units learn nothing: the network has less and less capacity for what comes next.

    When it is wrong
    Dormancy alone need not cost capacity; units of tanh networks are rarely dormant by this measure, whatever happens.
    On a run that learns it is only a number.

    What to do
    Smaller steps and fewer epochs slow it; resets of dormant units and layer normalisation undo it.

    References
    Sokar et al. 2023, The Dormant Neuron Phenomenon in Deep Reinforcement Learning; Moalla et al. 2024.
    """
    need(dormant_frac, int(least), "points")
    late, start = tail(dormant_frac), float(dormant_frac.value[0])
    share, bar = median(late), max(limit, start + gain)
    if share <= bar or not rises(dormant_frac):
        return []
    if share > dead:
        silent = seen(late, share, "median of the last quarter", ">", dead)
        return [Finding("The network has lost its capacity to learn.", (silent,), REMEDIES)]
    come = stalled("units fall silent", eval_mean_return, random_return, best_baseline_return, random_return_std)
    if come is None:
        return []
    silent = seen(late, share, "median of the last quarter", ">", bar)
    return [Finding("The network is losing its capacity to learn.", (silent, come.evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Halve the learning rate and the epochs",
        "large late steps push units out of their working range",
        verify="dormant_frac stops rising",
        change={"learning_rate": "x0.5", "n_epochs": "x0.5"},
    ),
    Remedy(
        "Use another activation, or normalise the layers",
        "a rectifier that is off everywhere has no gradient to come back by",
        verify="dormant_frac stays low",
        change={"network_activation": "tanh"},
    ),
)

_GROWS: Any = {"dormant_frac": [0.05 * k for k in range(12)]}
FIRES = (
    synthetic("falls silent", eval_mean_return=[10.0, 11.0, 9.0, 10.0] * 3, **_GROWS),
    synthetic("is silent, what it learnt before stays", dormant_frac=[0.0, 0.3, 0.6, 0.9] + [1.0] * 8),
)
SILENT = (
    synthetic("falls silent, and learns", eval_mean_return=[9.0 * k for k in range(12)], **_GROWS),
    synthetic("always a few", dormant_frac=[0.4] * 12, eval_mean_return=[10.0, 11.0, 9.0, 10.0] * 3),
)
