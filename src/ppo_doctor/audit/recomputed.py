"""Advantages by their definition, in NumPy and float64, and where the learner's own differ from them.

Everything is [t, rows], time first.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

TOLERANCE = 1e-3
"""Difference, in standard deviations of the right advantage, from which an advantage counts as wrong: far above float
error, far below any bug."""

DOUBT = 1e-3
"""Largest error of a fitted discount that is still an answer."""


class Facts(NamedTuple):
    """What a recursion needs of a rollout."""

    reward: np.ndarray
    value: np.ndarray
    following: np.ndarray
    """Value of what really came next."""
    terminated: np.ndarray
    truncated: np.ndarray


def advantages(facts: Facts, gamma: float, decay: float) -> np.ndarray:
    """Generalised advantages (Schulman et al. 2016, eq. 16), from the last step back."""
    delta, go_on = _delta(facts, gamma), ~(facts.terminated | facts.truncated)
    found, later = np.zeros(delta.shape), np.zeros(delta.shape[1])
    for t in range(len(delta) - 1, -1, -1):
        later = delta[t] + gamma * decay * later * go_on[t]
        found[t] = later
    return found


def _delta(facts: Facts, gamma: float) -> np.ndarray:
    return facts.reward + gamma * facts.following * ~facts.terminated - facts.value


def errors(facts: Facts, gamma: float, decay: float, used: np.ndarray) -> dict[str, float]:
    """In which rows the advantages in use break the recursion, and whether they are right ones in the wrong place.

    Each row is held against its own successor as used, so that one wrong rule shows only where it acts. A share of no
    rows is NaN, and so is everything where the right advantages are all the same.
    """
    right = advantages(facts, gamma, decay)
    spread, ends = right.std(), facts.terminated | facts.truncated
    names = (
        "gae_wrong_inside",
        "gae_wrong_at_ends",
        "gae_wrong_at_last",
        "advantage_permuted",
        "advantage_cleared_frac",
    )
    if spread <= 1e-5 * max(1.0, float(np.abs(facts.value).max())):
        return dict.fromkeys(names, float("nan"))
    later = np.concatenate([used[1:], np.zeros((1, used.shape[1]))])
    broken = np.abs(used - _delta(facts, gamma) - gamma * decay * later * ~ends) > TOLERANCE * spread
    last = np.zeros(ends.shape, bool)
    last[-1] = True
    differs = np.abs(used - right) > TOLERANCE * spread
    moved = np.abs(np.sort(used, axis=None) - np.sort(right, axis=None)) <= TOLERANCE * spread
    found = (
        _share(broken, ~ends & ~last),
        _share(broken, ends & ~last),
        _share(broken, last),
        float(differs.any() and moved.all()),
        float(np.mean((used == 0.0) & differs)),
    )
    return dict(zip(names, found, strict=True))


def discount(facts: Facts, used: np.ndarray) -> float:
    """The discount that the advantages in use obey inside episodes; NaN if none, with any trace decay, explains all.

    There A(t) + V(t) - r(t) = gamma V(t + 1) + gamma lambda A(t + 1): a plane through the origin. Where its two columns
    run in parallel, which of the factors it was cannot be told: NaN, too.
    """
    inside = ~(facts.terminated | facts.truncated)[:-1]
    columns = np.stack([facts.following[:-1][inside], used[1:][inside]], axis=1)
    wanted = (used + facts.value - facts.reward)[:-1][inside]
    if not (np.isfinite(columns).all() and np.isfinite(wanted).all()):
        return float("nan")
    found, _, rank, sizes = np.linalg.lstsq(columns, wanted, rcond=None)
    missed = np.abs(columns @ found - wanted).max(initial=0.0)
    told = rank == 2 and missed <= min(TOLERANCE * used.std(), DOUBT * sizes[1] / len(wanted) ** 0.5)
    return float(found[0]) if told else float("nan")


def misaligned(wrong: np.ndarray, stored: np.ndarray, received: np.ndarray) -> float:
    """Share of `wrong` rows among those that tell: stored or received reward is not the most frequent one. All [n].

    NaN where none tells: rewards that are all the same look right in any order.
    """
    values, counts = np.unique(received, return_counts=True)
    usual = values[np.argmax(counts)] if len(values) else np.nan
    return _share(wrong, (stored != usual) | (received != usual))


def _share(broken: np.ndarray, where: np.ndarray) -> float:
    return float(broken[where].mean()) if where.any() else float("nan")


def tied(action: np.ndarray) -> float:
    """Share of the rows [n, d] whose real-valued action equals another's at either end of a component, the worst one.

    Draws of a density are never the same twice: what is, was clipped.
    """
    low, high = action == action.min(axis=0), action == action.max(axis=0)
    counts = [np.maximum(side.sum(axis=0) - 1, 0) for side in (low, high)]
    return float(np.max(counts[0] + counts[1], initial=0)) / len(action)


def normaliser_gap(
    mean: np.ndarray, var: np.ndarray, other_mean: np.ndarray | float, other_var: np.ndarray | float
) -> float:
    """Largest difference [features] of running means, in standard deviations of the first, or of the logarithms of the
    standard deviations: what two normalisers make of the same observation."""
    shift = np.abs(mean - other_mean) / np.sqrt(var + 1e-8)
    stretch = np.abs(np.log((var + 1e-8) / (other_var + 1e-8))) / 2.0
    return float(max(shift.max(), stretch.max()))
