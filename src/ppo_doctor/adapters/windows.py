"""Single episodes as points of a curve."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


def windows(at: np.ndarray, values: Mapping[str, np.ndarray], least: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Episodes that ended at steps `at` [n], in `least` to 2 `least` windows of equally many: step of the last one [m]
    and mean of each of `values` [m]. Fewer than 2 `least` episodes stay single."""
    size = max(len(at) // least, 1)
    whole = len(at) // size * size
    if not whole:
        return np.zeros(0, np.int64), {name: np.zeros(0) for name in values}
    means = {name: value[:whole].reshape(-1, size).mean(axis=1) for name, value in values.items()}
    return at[:whole].reshape(-1, size)[:, -1].astype(np.int64), means


def by_update(at: np.ndarray, value: np.ndarray, updates: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Episodes that ended at steps `at` [n], by update: (step of the update [m], mean [m], count [m]).

    `updates` [k]: rising steps at which updates were logged. Episodes after the last of them are left out.
    """
    index = np.searchsorted(updates, at, side="left")
    inside = index < len(updates)
    counts = np.bincount(index[inside], minlength=len(updates))
    sums = np.bincount(index[inside], weights=value[inside], minlength=len(updates))
    some = counts > 0
    return updates[some], sums[some] / counts[some], counts[some]
