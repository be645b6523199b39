"""A rule is a function: positional parameters name the signals it reads, keyword-only parameters are thresholds.

    @rule("POL101", severity="warning")
    def kl_spike(approx_kl_max: Series, *, limit: float = 0.1) -> list[Finding]: ...

A positional parameter without default is required; with default None it helps if it is there. A series arrives as
`Series`, a scalar as `float`, a text as `str`, a family (by its stem) as `dict[member, Series]`; a parameter `run` is
the whole run. The docstring is the manual page. The folder is walked: a file is the registration.
"""

from __future__ import annotations

import dataclasses
import difflib
import importlib
import importlib.metadata
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from ppo_doctor import signals
from ppo_doctor.diagnose.finding import Finding, Severity
from ppo_doctor.errors import UserError
from ppo_doctor.run import Run
from ppo_doctor.signals import Signal

SECTIONS = ("Looks at", "Why it matters", "When it is wrong", "What to do", "References")
"""Headings every rule's docstring has, in this order."""

FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "log": "LOG",
        "numerics": "NUM",
        "data": "DAT",
        "env": "ENV",
        "eval": "EVA",
        "reward": "REW",
        "critic": "VAL",
        "policy": "POL",
        "optim": "OPT",
        "network": "NET",
        "config": "CFG",
        "trial": "TRI",
    }
)
"""Folder -> prefix of its codes, in the order of examination: data before learning, hyper-parameters last."""

ENTRY_POINTS = "ppo_doctor.rules"
"""Entry-point group with which another distribution names a package of rules to walk."""

Status = Literal["preview", "stable", "deprecated"]


class Undecided(Exception):  # noqa: N818  # a verdict, not an error
    """Raised by a rule that cannot tell."""


class TooFew(Undecided):
    """Raised for a series with too few points: "needs ten updates, has three"."""

    def __init__(self, series: str, reason: str) -> None:
        super().__init__(reason)
        self.series = series


class RuleError(Exception):
    """A rule is written wrongly; raised at import."""


@dataclass(frozen=True)
class Input:
    """One positional parameter of a rule."""

    parameter: str
    signal: Signal | None
    """None: the whole run."""
    required: bool
    instead: tuple[str, ...] = ()
    """Signals of the same kind that may stand in for it, best first."""


@dataclass(frozen=True)
class Rule:
    """A callable rule. Calling it runs the function and signs its findings; the engine decides everything else."""

    code: str
    name: str
    """Kebab-case; names the fault, not the advice."""
    family: str
    severity: Severity
    status: Status
    """preview until its false alarms and detections are measured; then stable."""
    inputs: tuple[Input, ...]
    thresholds: Mapping[str, float]
    sees_nonfinite: bool
    check: Callable[..., list[Finding]]

    def __call__(self, *args: Any, **kwargs: Any) -> list[Finding]:
        """Findings of the function itself, with this rule's name, code and severity; empty means clean."""
        return [
            dataclasses.replace(found, rule=self.name, code=self.code, severity=found.severity or self.severity)
            for found in self.check(*args, **kwargs)
        ]

    @property
    def summary(self) -> str:
        """First line of the docstring."""
        return (inspect.getdoc(self.check) or "").partition("\n")[0]

    @property
    def sections(self) -> dict[str, str]:
        """The docstring by heading; headings that are missing are absent."""
        found: dict[str, list[str]] = {}
        lines: list[str] = []
        for line in (inspect.getdoc(self.check) or "").splitlines():
            if line.strip() in SECTIONS:
                lines = found.setdefault(line.strip(), [])
            else:
                lines.append(line)
        return {heading: "\n".join(text).strip("\n") for heading, text in found.items()}

    def examples(self, which: Literal["FIRES", "SILENT"]) -> tuple[Run, ...]:
        """The example runs in the rule's file on which it fires, or stays silent."""
        return tuple(getattr(sys.modules[self.check.__module__], which, ()))


def rule(
    code: str,
    *,
    severity: Severity,
    status: Status = "preview",
    sees_nonfinite: bool = False,
    instead: Mapping[str, tuple[str, ...]] | None = None,
) -> Callable[[Callable[..., list[Finding]]], Rule]:
    """Make a function a rule. `instead`: parameter -> signals that may stand in for it.

    Raises `RuleError` for parameters that name no signal and for stand-ins of another kind.
    """

    def decorate(check: Callable[..., list[Finding]]) -> Rule:
        parameters = inspect.signature(check).parameters.values()
        inputs = tuple(
            _input(check, p, (instead or {}).get(p.name, ())) for p in parameters if p.kind != p.KEYWORD_ONLY
        )
        thresholds = {p.name: p.default for p in parameters if p.kind == p.KEYWORD_ONLY}
        return Rule(
            code=code,
            name=check.__name__.replace("_", "-"),
            family=check.__module__.split(".")[-2],
            severity=severity,
            status=status,
            inputs=inputs,
            thresholds=MappingProxyType(thresholds),
            sees_nonfinite=sees_nonfinite,
            check=check,
        )

    return decorate


def _input(check: Callable[..., Any], parameter: inspect.Parameter, instead: tuple[str, ...]) -> Input:
    where = f"{inspect.getsourcefile(check)}:{check.__code__.co_firstlineno}"
    required = parameter.default is inspect.Parameter.empty
    if parameter.name == "run":
        return Input("run", None, required)
    try:
        signal, others = signals.parameter(parameter.name), [signals.lookup(name) for name in instead]
    except KeyError as error:
        raise RuleError(f"{where}: {error.args[0]}") from None
    if any(other.kind != signal.kind for other in others):
        raise RuleError(f"{where}: a stand-in for {signal.name} must be a {signal.kind}")
    return Input(parameter.name, signal, required, instead)


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, ours and those of other distributions, in the order of examination. Raises `RuleError`."""
    packages = [
        "ppo_doctor.diagnose.rules",
        *(point.value for point in importlib.metadata.entry_points(group=ENTRY_POINTS)),
    ]
    found = [member for package in packages for member in walk(package)]
    for attribute in ("code", "name"):
        values = [getattr(member, attribute) for member in found]
        if double := {value for value in values if values.count(value) > 1}:
            raise RuleError(f"two rules share the {attribute} {', '.join(sorted(double))}")
    order = list(FAMILIES)
    return tuple(
        sorted(found, key=lambda one: (order.index(one.family) if one.family in order else len(order), one.code))
    )


def walk(package: str) -> Iterator[Rule]:
    """The rule of every module below `package`: the attribute named as the file. Raises `RuleError` without one."""
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        if not module.ispkg:
            name = module.name.rpartition(".")[2]
            member = getattr(importlib.import_module(module.name), name, None)
            if not isinstance(member, Rule):
                raise RuleError(f"{module.name}: has no rule {name}")
            yield member


def find(name_or_code: str) -> Rule:
    """The rule with this name (kebab or snake case) or code. Raises `UserError` with the nearest names."""
    wanted = name_or_code.lower().replace("_", "-")
    known = {key: one for one in all_rules() for key in (one.name, one.code.lower())}
    if wanted not in known:
        near = difflib.get_close_matches(wanted, known, n=2) or [one.name for one in all_rules()]
        raise UserError(f"unknown rule {name_or_code!r}; known: {', '.join(near)}")
    return known[wanted]
