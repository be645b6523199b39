"""A cause is a file: what is wrong at the root, what it makes each rule say, what confirms it, and what cures it.

    CAUSE = Cause(
        __name__,
        prior=2.0,
        course="flat",
        predicts={"always": ("action-ignored",), "often": ("entropy-at-maximum",)},
        confirm="action_influence",
        remedies=(Remedy("Apply the action", "..."),),
    )
    EXAMPLES = (synthetic("no effect", action_influence_state=0.0),)

The file's docstring is the manual page, its name is the cause's id, its folder the family. The folder is walked: a file
is the registration.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.metadata
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Literal

from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.errors import UserError
from ppo_doctor.run import Run

Level = Literal["always", "often", "sometimes", "rarely", "never"]
LEVELS: Mapping[Level, float] = MappingProxyType(
    {"always": 0.95, "often": 0.7, "sometimes": 0.3, "rarely": 0.05, "never": 0.01}
)
"""Word -> probability that a rule fires if it can be decided. Coarse on purpose: measured counts replace them."""

Course = Literal["flat", "poor", "lost", "fine", "any"]
COURSES: Mapping[Course, Mapping[Level, tuple[str, ...]]] = MappingProxyType(
    {
        "flat": {
            "often": ("return-flat", "not-above-random"),
            "sometimes": ("below-baseline",),
            "rarely": ("worse-than-first", "still-improving", "return-lost", "best-far-behind", "short-of-baseline"),
        },
        "poor": {
            "often": ("below-baseline",),
            "sometimes": (
                "return-flat",
                "not-above-random",
                "still-improving",
                "best-far-behind",
                "short-of-baseline",
            ),
        },
        "lost": {
            "often": ("return-lost", "best-far-behind"),
            "sometimes": ("worse-than-first", "below-baseline", "worst-block-falls"),
            "rarely": ("still-improving", "return-flat", "short-of-baseline"),
        },
        "fine": {
            "rarely": ("still-improving", "best-far-behind", "below-baseline", "short-of-baseline"),
            "never": ("return-flat", "not-above-random", "return-lost", "worse-than-first"),
        },
        "any": {},
    }
)
"""How the return goes under a cause -> what the rules on returns then say. A cause's own `predicts` comes first."""

ON_RETURNS = frozenset(rule for levels in COURSES.values() for rules in levels.values() for rule in rules)
"""Rules that judge the return: an evaluation's where there is one, else training's own."""

SECTIONS = ("What it is", "How it looks", "What it is confused with", "How to confirm", "What to do", "References")
"""Headings of every cause's page, in this order."""

FAMILIES = ("env", "observation", "reward", "learner", "config", "evaluation", "other")
"""Folders, in the order of examination: hyper-parameters come after data and reward."""

ENTRY_POINTS = "ppo_doctor.causes"
"""Entry-point group with which another distribution names a package of causes to walk."""


class CauseError(Exception):
    """A cause is written wrongly; raised when causes are loaded."""


@dataclass(frozen=True)
class Cause:
    """One hypothesis of the differential diagnosis."""

    module: str
    """`__name__` of its file."""
    prior: float
    """How common it is among the runs people ask about, relative to other causes; a usual bug has 1."""
    course: Course
    """How the return usually goes."""
    predicts: Mapping[Level, tuple[str, ...]]
    """How often -> names of the rules that fire under this cause, if they can be decided."""
    confirm: str | None = None
    """Probe that settles it, None if no probe does."""
    remedies: tuple[Remedy, ...] = ()
    """What to do, the cheapest first."""
    innocent: bool = False
    """Whether a rule that is not named fires only by false alarm, instead of as often as under other causes."""
    hidden: bool = False
    """Whether training's own return rises all the same, so that nothing but an evaluation or a reference shows it."""
    levels: Mapping[str, float] = field(init=False, repr=False)
    """Rule -> probability that it fires, for the named ones."""

    def __post_init__(self) -> None:
        merged = {rule: LEVELS[level] for level, rules in COURSES[self.course].items() for rule in rules}
        merged |= {rule: LEVELS[level] for level, rules in self.predicts.items() for rule in rules}
        object.__setattr__(self, "levels", MappingProxyType(merged))

    @property
    def id(self) -> str:
        """Its name in reports, kebab-case; stable."""
        return self.module.rpartition(".")[2].replace("_", "-")

    @property
    def family(self) -> str:
        """The folder of its file."""
        return self.module.split(".")[-2]

    @property
    def expects(self) -> dict[Level, tuple[str, ...]]:
        """Level -> rules, its course included."""
        return {
            level: found
            for level, chance in LEVELS.items()
            if (found := tuple(rule for rule, p in self.levels.items() if p == chance))
        }

    @property
    def page(self) -> str:
        """The docstring of its file."""
        return (sys.modules[self.module].__doc__ or "").strip()

    @property
    def summary(self) -> str:
        """First line of the page."""
        return self.page.partition("\n")[0]

    @property
    def sections(self) -> dict[str, str]:
        """The page by heading; headings that are missing are absent."""
        found: dict[str, list[str]] = {}
        lines: list[str] = []
        for line in self.page.splitlines():
            if line.strip() in SECTIONS:
                lines = found.setdefault(line.strip(), [])
            else:
                lines.append(line)
        return {heading: "\n".join(text).strip("\n") for heading, text in found.items()}

    @property
    def examples(self) -> tuple[Run, ...]:
        """Runs in the cause's file for which it must be among the three most probable."""
        return tuple(getattr(sys.modules[self.module], "EXAMPLES", ()))


@cache
def all_causes() -> tuple[Cause, ...]:
    """Every cause, ours and those of other distributions, in the order of examination. Raises `CauseError`."""
    points = importlib.metadata.entry_points(group=ENTRY_POINTS)
    packages = ["ppo_doctor.diagnose.causes", *(point.value for point in points)]
    found = [member for package in packages for member in walk(package)]
    ids = [member.id for member in found]
    if double := {one for one in ids if ids.count(one) > 1}:
        raise CauseError(f"two causes share the name {', '.join(sorted(double))}")
    order = {family: place for place, family in enumerate(FAMILIES)}
    return tuple(sorted(found, key=lambda one: (order.get(one.family, len(order)), one.id)))


def walk(package: str) -> Iterator[Cause]:
    """The cause of every module below `package`: its attribute `CAUSE`. Raises `CauseError` without one."""
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        if not module.ispkg:
            member = getattr(importlib.import_module(module.name), "CAUSE", None)
            if not isinstance(member, Cause) or member.module != module.name:
                raise CauseError(f"{module.name}: has no CAUSE = Cause(__name__, ...)")
            yield member


def find(name: str) -> Cause:
    """The cause of this name, in kebab or snake case. Raises `UserError` with the nearest names."""
    wanted = name.lower().replace("_", "-")
    known = {one.id: one for one in all_causes()}
    if wanted not in known:
        near = difflib.get_close_matches(wanted, known, n=3) or list(known)
        raise UserError(f"unknown cause {name!r}; known: {', '.join(near)}")
    return known[wanted]
