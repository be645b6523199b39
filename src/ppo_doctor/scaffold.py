"""The beginning of a new member: its file and its test, written where they belong, with the parts to fill in marked."""

from __future__ import annotations

import difflib
import importlib
import keyword
import re
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from ppo_doctor.errors import UserError

MARK = "WRITE"
"""Marks every part that its author has to fill in; the generated test fails while one is left."""


@dataclass(frozen=True)
class Kind:
    """What can be begun."""

    name: str
    member: str
    """Folder of members inside the package; `$family` stands for one of `families`."""
    tests: str
    """Folder of their tests."""
    package: str
    """The same folder in a package of somebody else."""
    families: str = ""
    """`module:ATTRIBUTE` that lists the families; empty where there are none."""
    entry_points: str = ""
    """Group of entry points that finds members elsewhere; empty where only those of this project are found."""


@dataclass(frozen=True)
class Plan:
    """Files to write, and what to add by hand."""

    files: Mapping[Path, str]
    entry_point: str
    """Lines for pyproject.toml; empty inside this project."""
    note: str = ""


def kinds() -> list[str]:
    """Names of all kinds, sorted: the folders of `scaffolds/`."""
    return sorted(entry.name for entry in _root().iterdir() if (entry / "kind.toml").is_file())


def find(name: str) -> Kind:
    """The kind `name`. Raises `UserError` with those there are."""
    if name not in kinds():
        raise UserError(f"cannot begin a {name!r}; there are {', '.join(kinds())}")
    return Kind(name, **tomllib.loads((_root() / name / "kind.toml").read_text(encoding="utf-8")))


def plan(kind: Kind, name: str, family: str | None, into: Path) -> Plan:
    """What to write for a new member `name` below the folder `into`. Raises `UserError` for names that cannot be."""
    name = _checked(name)
    family = _family(kind, family)
    ours = _is_ours(into)
    package = "ppo_doctor" if ours else _checked(into.resolve().name or "extension")
    inside = string.Template(kind.member if ours else f"{kind.package}/$family").substitute(family=family).strip("/")
    folder = into / "src" / package / inside
    words = {
        "name": name,
        "kebab": name.replace("_", "-"),
        "camel": "".join(part.capitalize() for part in name.split("_")),
        "family": family,
        "code": _code(family, ours) if kind.name == "rule" else "",
        "module": ".".join([package, *inside.split("/"), name]),
    }
    files = {
        folder / f"{name}.py": _filled(kind, "member.txt", words),
        into / kind.tests / f"test_{name}.py": _filled(kind, "test.txt", words),
    }
    if ours:
        return Plan(files, "")
    for part in (folder, *folder.parents):
        if part == into / "src":
            break
        files.setdefault(part / "__init__.py", "")
    if kind.entry_points:
        lines = f'[project.entry-points."{kind.entry_points}"]\n{package} = "{package}.{kind.package}"'
        return Plan(files, lines)
    return Plan(
        files, "", f"only this project's own {kind.name}s are found by name: import yours from {words['module']}"
    )


def write(found: Plan) -> list[Path]:
    """Write the files; the paths of those that are new. Raises `UserError` if a member or its test exists already."""
    for path, text in found.files.items():
        if path.exists() and text:
            raise UserError(f"{path} exists already: choose another name, or remove it")
    new = [path for path in found.files if not path.exists()]
    for path in new:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(found.files[path], encoding="utf-8")
        except OSError as error:
            raise UserError(f"cannot write {path}: {error.strerror or error}") from None
    return new


def _root() -> Path:
    return Path(str(resources.files("ppo_doctor") / "scaffolds"))


def _filled(kind: Kind, file: str, words: Mapping[str, str]) -> str:
    return string.Template((_root() / kind.name / file).read_text(encoding="utf-8")).substitute(words)


def _checked(name: str) -> str:
    """`name` in snake case. Raises `UserError` unless it can be a Python module."""
    plain = name.replace("-", "_")
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", plain) or keyword.iskeyword(plain):
        raise UserError(f"{name!r} cannot be a name: use small letters, digits and single hyphens, a letter first")
    return plain


def _family(kind: Kind, family: str | None) -> str:
    if not kind.families:
        if family is not None:
            raise UserError(f"{kind.name}: has no family; leave --family out")
        return ""
    module, _, attribute = kind.families.partition(":")
    known = list(getattr(importlib.import_module(module), attribute))
    if family is None or family not in known:
        near = difflib.get_close_matches(family or "", known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"--family is one of {', '.join(known)}"
        raise UserError(f"a {kind.name} needs a family; {hint}" if family is None else f"no family {family!r}; {hint}")
    return family


def _is_ours(into: Path) -> bool:
    """Whether `into` is a checkout of this project."""
    file = into / "pyproject.toml"
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))["project"]["name"] == "ppo-doctor"
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError):
        return False


def _code(family: str, ours: bool) -> str:
    """The next free code of a family of rules; elsewhere from 901 on, which this project leaves to others."""
    from ppo_doctor.diagnose.rule import FAMILIES, all_rules

    prefix = FAMILIES[family]
    taken = {int(one.code[len(prefix) :]) for one in all_rules() if one.code.startswith(prefix)}
    start = 101 if ours else 901
    return f"{prefix}{next(code for code in range(start, 1000) if code not in taken)}"
