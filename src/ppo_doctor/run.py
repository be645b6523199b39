"""The narrow waist: a `Run` is all that rules, renderers and comparisons ever see of a training run.

Producers (our trainer's store, readers of foreign logs, probes) make one; nothing changes it afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from ppo_doctor import signals as vocabulary

Value = float | str


@dataclass(frozen=True, eq=False)
class Series:
    """One signal over a run: `value[i]` was recorded at environment step `step[i]`.

    Raises `ValueError` unless both are vectors of one length and steps never fall.
    """

    name: str
    step: np.ndarray
    """[n] environment steps, int64, never falling; not writeable."""
    value: np.ndarray
    """[n] float64, in the signal's unit; NaN and infinities are kept; not writeable."""
    as_logged: str = ""
    """The name in the log it was read from; empty if it is `name`."""
    caveat: str | None = None
    """How the recorded quantity departs from our definition; None if it does not."""

    def __post_init__(self) -> None:
        for name, dtype in (("step", np.int64), ("value", np.float64)):
            array = np.array(getattr(self, name), dtype=dtype)
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        if self.step.ndim != 1 or self.step.shape != self.value.shape:
            raise ValueError(f"{self.name}: {self.step.shape} steps for {self.value.shape} values")
        if np.any(np.diff(self.step) < 0):
            raise ValueError(f"{self.name}: steps fall at position {int(np.argmax(np.diff(self.step) < 0)) + 1}")

    def __len__(self) -> int:
        return len(self.value)

    @property
    def last_step(self) -> int:
        """The last environment step; 0 if there is no point."""
        return int(self.step[-1]) if len(self) else 0

    def where(self, keep: np.ndarray) -> Series:
        """The points at which `keep` [n] is true."""
        return Series(self.name, self.step[keep], self.value[keep], self.as_logged, self.caveat)

    def until(self, step: int) -> Series:
        """The points up to and with environment step `step`."""
        return self.where(self.step <= step)


@dataclass(frozen=True, eq=False)
class Run:
    """What is known of one training run. Hyper-parameters, references and probe results are signals like any other."""

    source: str
    """Where it came from: a path, or a title."""
    signals: Mapping[str, Series | Value]
    """By name in the vocabulary; a number or a word where the signal is no series."""
    meta: Mapping[str, Any] = field(default_factory=dict)
    """run.json, or what the reader knows beside the signals."""
    unmapped: tuple[str, ...] = ()
    """Names in the source that are not in the vocabulary: listed, never dropped in silence."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "signals", MappingProxyType(dict(self.signals)))
        object.__setattr__(self, "meta", MappingProxyType(dict(self.meta)))

    def __contains__(self, name: str) -> bool:
        return name in self.signals

    def series(self, name: str) -> Series:
        """The series `name`. Raises `KeyError` if it is absent or no series."""
        found = self.signals[name]
        if not isinstance(found, Series):
            raise KeyError(f"{name} is not a series in {self.source}")
        return found

    def scalar(self, name: str, default: float | None = None) -> float | None:
        """The number `name`, or `default` if it is absent or no number."""
        found = self.signals.get(name)
        return found if isinstance(found, float) else default

    def all_series(self) -> dict[str, Series]:
        """Every series, by name."""
        return {name: value for name, value in self.signals.items() if isinstance(value, Series)}

    def members(self, stem: str) -> dict[str, Series]:
        """The present series of the family with this stem, by member, members in order of number or name."""
        family = vocabulary.parameter(stem)
        found = {family.member(name): series for name, series in self.all_series().items()}
        names = sorted((name for name in found if name is not None), key=lambda name: (len(name), name))
        return {name: found[name] for name in names}

    @property
    def last_step(self) -> int:
        """The last recorded environment step; 0 if there is no series."""
        return max((series.last_step for series in self.all_series().values()), default=0)

    def until(self, step: int) -> Run:
        """The run as it looked at environment step `step`: later points of every series are gone."""
        cut = {name: value.until(step) if isinstance(value, Series) else value for name, value in self.signals.items()}
        return Run(self.source, cut, self.meta, self.unmapped)


def synthetic(title: str, /, *, every: int = 1000, **signals: Any) -> Run:
    """A small run for examples and tests.

    A list is a series recorded each `every` steps, a number a scalar, a word a text; a dict of lists is a family, by
    member: `action_share_greedy={"0": [...]}`. Raises `KeyError` for names outside the vocabulary.
    """
    named: dict[str, Series | Value] = {}
    for name, value in signals.items():
        signal = vocabulary.parameter(name)
        entries = value if isinstance(value, dict) else {"": value}
        for member, entry in entries.items():
            full = _fill(signal.name, member)
            named[full] = _as_signal(full, entry, every)
    return Run(title, named)


def _fill(name: str, member: str) -> str:
    start, _, rest = name.partition("<")
    return start + member + rest.partition(">")[2]


def _as_signal(name: str, entry: Any, every: int) -> Series | Value:
    if isinstance(entry, str):
        return entry
    if np.ndim(entry) == 0:
        return float(entry)
    return Series(name, np.arange(1, len(entry) + 1) * every, np.asarray(entry, dtype=np.float64))
