"""A small supervised model with held-out predictions: ridge regression on features and random rectified features.

Random features (Rahimi & Recht 2008) see curved and combined effects; the ridge is chosen by generalised
cross-validation (Golub, Heath & Wahba 1979) on the training part.
"""

from __future__ import annotations

import numpy as np

HIDDEN, FOLDS = 64, 5
RIDGES = 10.0 ** np.arange(-3, 4)


def expanded(x: np.ndarray, seed: int = 0) -> np.ndarray:
    """[n, 1 + d' + HIDDEN] of x [n, d]: one, the standardised columns that vary, rectified mixtures of them."""
    std = x.std(axis=0)
    z = (x[:, std > 0] - x[:, std > 0].mean(axis=0)) / std[std > 0]
    rng = np.random.default_rng(seed)
    mix = rng.normal(size=(z.shape[1], HIDDEN)) / np.sqrt(max(z.shape[1], 1))
    hidden = np.maximum(z @ mix + rng.uniform(-1, 1, HIDDEN), 0.0)
    return np.concatenate([np.ones((len(x), 1)), z, hidden - hidden.mean(axis=0)], axis=1)


def folds(groups: np.ndarray, seed: int = 0) -> np.ndarray:
    """Number of the fold of every row; rows of one group stay together."""
    names, index = np.unique(groups, return_inverse=True)
    return (np.random.default_rng(seed).permutation(len(names)) % FOLDS)[index]


def held_out(x: np.ndarray, y: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Predictions [n, ...] for y [n, ...], each from a model that never saw its group; x is `expanded`."""
    fold, found = folds(groups), np.zeros_like(y, dtype=np.float64)
    for k in np.unique(fold):
        train, test = fold != k, fold == k
        found[test] = _ridge(x[train], y[train].reshape(train.sum(), -1), x[test]).reshape(found[test].shape)
    return found


def _ridge(x: np.ndarray, y: np.ndarray, new: np.ndarray) -> np.ndarray:
    mean = y.mean(axis=0)
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    along = u.T @ (y - mean)
    rest = ((y - mean) ** 2).sum() - (along**2).sum()
    best, chosen = np.inf, s
    for ridge in RIDGES * len(x):
        shrink = s**2 / (s**2 + ridge)
        error = rest + (((1 - shrink)[:, None] * along) ** 2).sum()
        score = error / max(1.0 - shrink.sum() / len(x), 1e-3) ** 2
        if score < best:
            best, chosen = score, shrink
    weights = vt.T @ ((chosen / np.maximum(s, 1e-12))[:, None] * along)
    return mean + new @ weights
