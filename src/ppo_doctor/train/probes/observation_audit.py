"""Is the observation fit to be read? Constant, badly scaled, stale and noisy features.

obs_constant_frac: share of features that never vary under random play. obs_scale_spread: largest over smallest standard
deviation of those that do, rare flags apart. obs_stale_frac: of the states in which actions differ in what is seen or
paid a step later, the share in which nothing of it shows in the next observation.
Noise is told from chance by its leaving no trace: one step is repeated with fresh random numbers, everything after it
with the same ones. If the next observation differs and all that follows is equal, what differed was added noise.
obs_noise_std: its standard deviation, median over the noisy features; obs_noise_ratio: over that of the feature without
it. obs_noise_declared: the attribute `observation_noise` of the environment, if it has one.

Cost: random play and forks, shared with other probes.
Wrong when: random play sees few states; chance and noise act in the same step everywhere (then the noise is not
measured); a Gymnasium environment draws from generators that are no attributes of it or its wrappers.
"""

from __future__ import annotations

import numpy as np

from ppo_doctor.train.lab import Cannot, Lab
from ppo_doctor.train.probes import Found
from ppo_doctor.train.probes.action_influence import differ
from ppo_doctor.train.world import Layout

NAMED = 8
"""Constant features listed in the note."""
RARE = 0.05
"""Share of observations in which a feature must leave its median to count for the scale: a flag that is hardly ever set
has a small standard deviation and the scale of all flags."""


def measure(lab: Lab) -> Found:
    """All of it; what needs forks is left out where there are none."""
    seen, names = pooled(lab.features, lab.world.layout)
    still = np.ptp(seen, axis=0) == 0
    found = {"obs_constant_frac": float(still.mean())}
    notes = [f"{len(names)} features, {len(lab.features)} observations"]
    if still.any():
        first = [name for name, quiet in zip(names, still, strict=True) if quiet]
        notes.append(f"constant: {', '.join(first[:NAMED])}" + (", ..." if len(first) > NAMED else ""))
    std = seen[:, often(seen)].std(axis=0)
    if len(std) > 1:
        found["obs_scale_spread"] = float(std.max() / std.min())
    if lab.world.declared_noise is not None:
        found["obs_noise_declared"] = float(lab.world.declared_noise)
    try:
        stale, (noise, note) = _stale(lab), _noise(lab)
    except Cannot as why:
        return Found(found, (*notes, f"neither staleness nor noise: {why}"))
    return Found(found | stale | noise, (*notes, note))


def often(seen: np.ndarray) -> np.ndarray:
    """Whether each column of `seen` [rows, d] leaves its median in more than the share `RARE` of the rows."""
    return (seen != np.median(seen, axis=0)).mean(axis=0) > RARE


def pooled(x: np.ndarray, layout: Layout) -> tuple[np.ndarray, tuple[str, ...]]:
    """Features [rows, d'] and their names; where there is one column an action, its features count once, over all."""
    if layout.items is None:
        return x, layout.names
    start, n, width = layout.items
    rest = np.r_[0:start, start + n * width : x.shape[1]]
    rows = x[:, start : start + n * width].reshape(-1, width, n).swapaxes(1, 2).reshape(-1, width)
    each = [layout.names[start + i * n].removesuffix(".0") + ".*" for i in range(width)]
    names = [layout.names[i] for i in rest] + each
    return np.concatenate([np.repeat(x[:, rest], n, axis=0), rows], axis=1), tuple(names)


def _stale(lab: Lab) -> dict[str, float]:
    forks, k = lab.forks, lab.plan.choices
    going = forks.legal & ~forks.ended[:, :k]
    later = differ(forks.later_obs[:, :k], going) | differ(forks.later_reward[:, :k, None], going)
    if not later.any():
        return {}
    return {"obs_stale_frac": float((~differ(forks.next_obs[:, :k], going))[later].mean())}


def _noise(lab: Lab) -> tuple[dict[str, float], str]:
    """Ratio and size of noise that leaves no trace, and what was found in words."""
    forks, std = lab.forks, lab.features.std(axis=0)
    obs = lab.jitter(forks.next_obs).astype(np.float64)
    noisy = (obs != obs[:, :1]).any(axis=(1, 2))
    if not noisy.any():
        return {"obs_noise_ratio": 0.0, "obs_noise_std": 0.0}, "fresh random numbers do not change an observation"
    rest = [lab.jitter(forks.returns - forks.reward), lab.jitter(forks.later_reward), lab.jitter(forks.ended)]
    tolerance = 1e-5 * np.abs(rest[0]).max()
    pure = (np.abs(rest[0] - rest[0][:, :1]) <= tolerance).all(axis=1) & (rest[1] == rest[1][:, :1]).all(axis=1)
    pure &= (rest[2] == rest[2][:, :1]).all(axis=1) & ~forks.ended[:, 0]
    later = lab.jitter(forks.later_obs)
    pure &= (later == later[:, :1]).all(axis=(1, 2))
    if pure[noisy].mean() < 0.5:
        return {}, "fresh random numbers change what follows too: noise cannot be told from chance"
    size = np.sqrt(obs[noisy & pure].var(axis=1, ddof=1).mean(axis=0)).reshape(-1, len(std)).mean(axis=0)
    on = size > 0
    clean = np.sqrt(np.maximum(std[on] ** 2 - size[on] ** 2, 1e-6 * size[on] ** 2))
    found = {"obs_noise_ratio": float(np.median(size[on] / clean)), "obs_noise_std": float(np.median(size[on]))}
    return found, f"{int(on.sum())} of {len(on)} features carry noise that leaves no trace"
