"""The vocabulary every producer and every rule shares: one `Signal` a name, with unit, place, reduction and formula.

Letters: r = pi_new(a|s) / pi_old(a|s), A = advantage, R = critic's target ("return"), V = value prediction,
H = entropy, pi = policy. "Row" = one agent's decision; "update" = one rollout and the gradient steps on it.

A name with a placeholder, such as `action_share_greedy/<k>`, stands for a family; `lookup` finds its members.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from ppo_doctor.signal_table import GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Kind = Literal["series", "scalar", "text"]


@dataclass(frozen=True)
class Signal:
    """What a recorded name means."""

    name: str
    """Name in logs and, for rules, of the parameter that reads it (families: `stem`)."""
    unit: str
    """Unit of the value; "1" for a pure number, "share" for a number in [0, 1]."""
    kind: Kind
    """series: one value an update. scalar: one number a run. text: one word a run."""
    domain: str
    """Part of the system the signal is about."""
    measured: str
    """Where and when it is taken."""
    reduction: str
    """How many values became one."""
    meaning: str
    """Definition, with the formula."""
    source: str
    """Who supplies it."""
    undefined: str = ""
    """What a non-finite value means where it is legitimate; empty where it is a fault."""
    reference: str = ""
    """Who defined it, where it is not ours or common knowledge."""

    @property
    def family(self) -> bool:
        """Whether the name holds a placeholder and stands for many signals."""
        return "<" in self.name

    @property
    def stem(self) -> str:
        """The name without its placeholder: an identifier."""
        return re.sub(r"/?<\w+>", "", self.name)

    def member(self, name: str) -> str | None:
        """What stands for the placeholder in `name`, or None if `name` is not of this family."""
        pattern = re.sub(r"<(\w+)>", lambda hole: r"(\d+)" if hole[1] == "k" else "(.+)", self.name)
        match = re.fullmatch(pattern, name)
        return match[1] if match and self.family else None


def lookup(name: str) -> Signal:
    """The signal behind `name`, a member of a family included. Raises `KeyError` with the nearest known names."""
    found = SIGNALS.get(name) or next((signal for signal in families() if signal.member(name) is not None), None)
    if found is None:
        near = difflib.get_close_matches(name, SIGNALS, n=3)
        raise KeyError(f"unknown signal {name!r}" + (f"; near: {', '.join(near)}" if near else ""))
    return found


def known(name: str) -> bool:
    """Whether `name` is in the vocabulary, as itself or as a member of a family."""
    return name in SIGNALS or any(signal.member(name) is not None for signal in families())


@cache
def checks() -> Mapping[str, str]:
    """Name of a probe or of a live check -> what it is: "probe" or "live check"."""
    sources = [signal.source for signal in SIGNALS.values()]
    return {
        one.rpartition(" ")[2]: one.rpartition(" ")[0] for one in sources if one.startswith(("probe ", "live check "))
    }


def parameter(name: str) -> Signal:
    """The signal that a rule's parameter `name` reads: a plain name, or the stem of a family. Raises `KeyError`."""
    by_stem = {signal.stem: signal for signal in families()}
    return by_stem[name] if name in by_stem else lookup(name)


@cache
def families() -> tuple[Signal, ...]:
    """The signals whose names hold a placeholder."""
    return tuple(signal for signal in SIGNALS.values() if signal.family)


def _rows() -> Iterator[Signal]:
    for domain, common, group in GROUPS:
        for name, (unit, meaning, *exceptions) in group.items():
            yield Signal(name=name, unit=unit, meaning=meaning, domain=domain, **{**common, **dict(*exceptions)})


SIGNALS: Mapping[str, Signal] = MappingProxyType({signal.name: signal for signal in _rows()})
"""Every signal by name, in the order of the table."""
