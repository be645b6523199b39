"""In which order to try: each unusual setting alone, then all together, then each taken away again.

What is tried by itself only (`Proposal.alone`) is no part of "all together".
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ppo_doctor.treat.gain import LEAST, gain
from ppo_doctor.treat.proposals import Proposal

Arm = tuple[Proposal, ...]
"""What is put back in one series of trainings; nothing in the run as it is."""


@dataclass(frozen=True)
class Found:
    """What a search found."""

    tried: dict[Arm, float]
    """What was trained, in this order -> what it gained over the run as it is."""
    gains: dict[str, float]
    """Signal -> what putting one setting back gained: alone, or beside the others if only together they help."""
    cure: Arm
    """The fewest settings that were found to help: one, several that do only together, or none."""


def search(proposals: Sequence[Proposal], returns: Callable[[Arm], Sequence[float]], random: float) -> Found:
    """Try `proposals`. If no single one helps but all do together, each is left out in turn: those that are not missed
    stay out, and of the others it is known what they gain beside the rest.

    returns: [seeds] return of the run trained with an arm; called once for each. random: return of random play.
    """
    seen: dict[Arm, Sequence[float]] = {(): returns(())} if proposals else {}

    def gained(arm: Arm, over: Arm = ()) -> float:
        for one in (arm, over):
            if one not in seen:
                seen[one] = returns(one)
        return gain(seen[arm], seen[over], random)

    alone = {one: gained((one,)) for one in proposals}
    best = max(proposals, key=lambda one: _known(alone[one]), default=None)
    cure: Arm = (best,) if best is not None and alone[best] > LEAST else ()
    together = tuple(one for one in proposals if not one.alone)
    if not cure and len(together) > 1 and gained(together) > LEAST:
        cure, beside = _fewest(together, gained)
        alone |= {one: max(alone[one], value, key=_known) for one, value in beside.items()}
    gains = {one.signal: value for one, value in alone.items() if math.isfinite(value)}
    return Found({arm: gain(seen[arm], seen[()], random) for arm in seen if arm}, gains, cure)


def _fewest(every: Arm, gained: Callable[..., float]) -> tuple[Arm, dict[Proposal, float]]:
    """(what is left of `every` when all that is not missed is out, what each of it gained beside the rest)."""
    left, beside = every, {}
    for one in every:
        rest = tuple(itertools.filterfalse(one.__eq__, left))
        if gained(rest) > LEAST:
            left = rest
        else:
            beside[one] = gained(left, rest)
    return left, beside


def _known(value: float) -> float:
    return value if math.isfinite(value) else -math.inf
