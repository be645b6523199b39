"""What an environment may be like with nothing wrong in it, and what that alone makes rules say.

Rules that look at one such trait fire together, whatever the cause: each by itself would count as a witness for the
cause that looks like the trait. The differential therefore weighs every cause under each nature, all of a nature's
rules at once, and adds the results by the natures' shares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Nature:
    """One trait of sound environments."""

    id: str
    share: float
    """Of the environments that people ask about."""
    fires: Mapping[str, float]
    """Rule -> probability that it fires by this trait alone, if it can be decided."""


SPARSE = Nature(
    "sparse",
    0.2,
    MappingProxyType(
        {
            "reward-sparse": 0.9,
            "reward-needs-skill": 0.7,
            "reward-unreached": 0.3,
            "reward-constant": 0.1,
            "episode-return-zero": 0.3,
            "static-outcomes": 0.3,
            "returns-hardly-vary": 0.3,
            "only-timeouts": 0.3,
            "advantages-zero": 0.2,
            "critic-constant": 0.2,
            "critic-blind": 0.2,
            "updates-too-small": 0.1,
            "gradient-zero": 0.1,
        }
    ),
)
"""Success is rare under random play, as in Acrobot, mazes or most games: until it comes, returns are all alike."""

PADDED = Nature("padded", 0.2, MappingProxyType({"features-constant": 0.9}))
"""Some features never vary: padding, a slot that stays empty, a parameter that is the same in all episodes."""

BANDIT = Nature("bandit", 0.1, MappingProxyType({"one-decision": 0.95}))
"""What is done changes nothing of what is seen next: a bandit, a series of independent decisions."""

NATURES = (SPARSE, PADDED, BANDIT)
"""All traits that are known, besides none of them."""
