"""Is the observation fit to be read? Constant, badly scaled, stale and noisy features.

obs_constant_frac: share of features that never vary under random play. obs_scale_spread: largest over smallest standard
deviation of those that do, rare flags apart. obs_stale_frac: of the states in which actions differ in what is seen or
paid a step later, the share in which nothing of it shows in the next observation.
Noise is told from chance by its leaving no trace: one step is repeated with fresh random numbers, everything after it
with the same ones. If the next observation differs and all that follows is equal, what differed was added noise. Where
chance acts in the same step, and in our environments only: the first observation of an episode, with one source of its
randomness after the other drawn anew. A source that changes what is seen and nothing that a step leads to is noise.
obs_noise_std: its standard deviation, median over the noisy features; obs_noise_ratio: over that of the feature without
it, 1e6 (`ALL`) where noise is nearly all of the variance and, the random numbers being the same, neither actions nor
first states show: then there is nothing beneath the noise.
obs_noise_declared: the attribute `observation_noise` of the environment, if it has one.

Cost: random play and forks, shared with other probes.
Wrong when: random play sees few states; chance and noise act in the same step of a Gymnasium environment everywhere
(then the noise is not measured); a first observation shows what matters only many steps later (it looks like noise); a
Gymnasium environment draws from generators that are no attributes of it or its wrappers.
"""

from __future__ import annotations

import numpy as np

from ppo_doctor.train.lab import Cannot, Lab
from ppo_doctor.train.probes import Found
from ppo_doctor.train.probes.action_influence import differ
from ppo_doctor.train.world import Layout

ALL = 1e6
"""Ratio of noise to a feature that is nothing but noise."""
DROWNED = 2.0
"""Ratio from which sampling error may be all that looks like a feature beneath the noise."""
STARTS, DRAWS = 32, 256
"""First observations that are drawn anew, and how often; both serve all of them."""
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
    found, seen = _of_steps(lab), _shows(lab)
    if found is None or found.max(initial=0.0) == 0.0:
        first = _of_starts(lab)
        if first is None:
            if found is None:
                return {}, "fresh random numbers change what follows too: noise cannot be told from chance"
            return {"obs_noise_ratio": 0.0, "obs_noise_std": 0.0}, "fresh random numbers do not change an observation"
        found, apart = first
        seen = seen or apart
    on = found > 0
    clean = lab.features.var(axis=0)[on] - found[on]
    size = np.sqrt(found[on])
    ratio = float(np.median(size / np.sqrt(np.maximum(clean, 1e-6 * found[on]))))
    if not seen and ratio > DROWNED:
        ratio = ALL
    note = f"{int(on.sum())} of {len(on)} features carry noise that leaves no trace"
    return {"obs_noise_ratio": ratio, "obs_noise_std": float(np.median(size))}, note


def _of_steps(lab: Lab) -> np.ndarray | None:
    """[d] variance of the noise in the observation after a step; None where it cannot be told from chance."""
    forks, width = lab.forks, lab.features.shape[1]
    obs = lab.jitter(forks.next_obs).astype(np.float64)
    noisy = (obs != obs[:, :1]).any(axis=(1, 2))
    if not noisy.any():
        return np.zeros(width)
    rest = [lab.jitter(forks.returns - forks.reward), lab.jitter(forks.later_reward), lab.jitter(forks.ended)]
    tolerance = 1e-5 * np.abs(rest[0]).max()
    pure = (np.abs(rest[0] - rest[0][:, :1]) <= tolerance).all(axis=1) & (rest[1] == rest[1][:, :1]).all(axis=1)
    pure &= (rest[2] == rest[2][:, :1]).all(axis=1) & ~forks.ended[:, 0]
    later = lab.jitter(forks.later_obs)
    pure &= (later == later[:, :1]).all(axis=(1, 2))
    if pure[noisy].mean() < 0.5:
        return None
    return obs[noisy & pure].var(axis=1, ddof=1).mean(axis=0).reshape(-1, width).mean(axis=0)


def _shows(lab: Lab) -> bool:
    """Whether any action shows in the next observation, the random numbers being the same."""
    forks, k = lab.forks, lab.plan.choices
    return bool(differ(forks.next_obs[:, :k], forks.legal).any())


def _of_starts(lab: Lab) -> tuple[np.ndarray, bool] | None:
    """[d] variance of the noise in the first observation, and whether first states differ beneath it; None if none."""
    found = lab.world.redrawn(lab.seeds(0, STARTS), lab.seeds(STARTS, DRAWS))
    if found is None:
        return None
    obs = found.obs.astype(np.float64)
    changes = (obs != obs[:, :, :1]).any(axis=(0, 2, 3))
    pure = changes & (found.trace == found.trace[:, :, :1]).all(axis=(0, 2, 3))
    if not pure.any():
        return None
    noise, width = obs[:, pure], lab.features.shape[1]
    size = noise.var(axis=2, ddof=1).mean(axis=0).sum(axis=0).reshape(-1, width).mean(axis=0)
    return size, bool(np.any(noise != noise[:1]))
