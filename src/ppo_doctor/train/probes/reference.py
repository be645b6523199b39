"""Does a policy that is known to be good earn what it deserves? It is played under the reward the agent gets.

reference_gain: mean return of the system's reference policy less that of random play, in standard deviations of random
episodes; reference_lead: less that of the best single action, in the same unit. _low and _high: ends of the 95 %
interval (Student), paired by seed where that is less noisy. Neither is chosen by the reward, as a search is, so that a
reward that asks for something else shows.

Cost: as many episodes of the reference as of random play.
Wrong when: the reference is not good at what is wanted, or reads what the environment here has another way round.
Reference: Amodei et al. 2016, Concrete Problems in AI Safety, on rewards that are gamed.
"""

from __future__ import annotations

from scipy import stats

from ppo_doctor.train.lab import Cannot, Lab
from ppo_doctor.train.probes import Found
from ppo_doctor.train.probes.headroom import Gain, gain


def measure(lab: Lab) -> Found:
    """Gain over random play and lead over the best single action, with intervals."""
    if lab.known_returns is None:
        raise Cannot("no policy is known here that is good at what is wanted")
    known, random, single = lab.known_returns, lab.random_returns, lab.constants[1]
    note = f"reference {known.mean():.4g}, random play {random.mean():.4g}, best single action {single.mean():.4g}"
    if lab.spread == 0.0:
        raise Cannot(f"random episodes all earn the same: there is no unit to measure in ({note})")
    found = _interval("reference_gain", gain(known, random), lab.spread)
    return Found(found | _interval("reference_lead", gain(known, single), lab.spread), (note,))


def _interval(name: str, one: Gain, unit: float) -> dict[str, float]:
    half = float(stats.t.ppf(0.975, one.n - 1)) * one.error
    bounds = {name: one.mean, f"{name}_low": one.mean - half, f"{name}_high": one.mean + half}
    return {key: value / unit for key, value in bounds.items()}
