"""Configurations from words and from JSON, and back: what `--set name=value` and run.json go through. No JAX."""

from __future__ import annotations

import dataclasses
import difflib
import json
import types
import typing
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from ppo_doctor.errors import UserError
from ppo_doctor.train.config import Config, Schedule, constant


def nearest(word: str, known: Iterable[str], prefix: str = "") -> str:
    """The end of an error message about an unknown `word`: its close matches, or everything known, after `prefix`."""
    known = list(known)
    close = [prefix + name for name in difflib.get_close_matches(word, known, n=3)]
    return f"did you mean {' or '.join(close)}?" if close else f"known: {', '.join(prefix + name for name in known)}"


def from_json(data: Mapping[str, Any], where: str = "config") -> Config:
    """The configuration that `dataclasses.asdict` and JSON made `data` of. Raises `UserError` for anything else."""
    return convert(Config, data, where)


def convert(hint: Any, value: Any, where: str) -> Any:
    """`value`, a word of the command line or of JSON, as an instance of the annotation `hint`.

    Raises `UserError` that begins with `where` if it is none.
    """
    if dataclasses.is_dataclass(hint):
        return _record(hint, value, where)
    origin, options = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _union(options, value, where)
    if origin is Literal:
        if value not in options:
            raise UserError(f"{where} is {value!r}; {nearest(str(value), map(str, options))}")
        return value
    if origin is tuple:
        parts = [part for part in value.split(",") if part] if isinstance(value, str) else value
        if not isinstance(parts, list | tuple):
            raise UserError(f"{where} needs values separated by commas, not {value!r}")
        return tuple(convert(options[0], part, where) for part in parts)
    return _plain(hint, value, where)


_KINDS = {int: "a whole number", float: "a number", bool: "true or false", str: "a word"}


def _plain(hint: Any, value: Any, where: str) -> Any:
    if hint is str:
        return str(value)
    if isinstance(value, str):
        try:
            value = json.loads(value.lower() if value.lower() in ("true", "false", "none") else value)
        except json.JSONDecodeError:
            value = _float(value)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if hint is int and isinstance(value, float) and value.is_integer():
        return int(value)
    fits = isinstance(value, hint) if hint in _KINDS else True
    if not fits or (hint is not bool and isinstance(value, bool) and hint in _KINDS):
        raise UserError(f"{where} needs {_KINDS[hint]}")
    return value


def _float(word: str) -> Any:
    try:
        return float(word)
    except ValueError:
        return word


def _union(options: tuple[Any, ...], value: Any, where: str) -> Any:
    if type(None) in options and (value is None or str(value).lower() in ("none", "null", "off")):
        return None
    real = [option for option in options if option is not type(None)]
    for option in real[:-1]:
        try:
            return convert(option, value, where)
        except UserError:
            continue
    return convert(real[-1], value, where)


def _record(kind: Any, value: Any, where: str) -> Any:
    if isinstance(value, kind):
        return value
    if kind is Schedule and not isinstance(value, Mapping):
        return constant(convert(float, value, where))
    if not isinstance(value, Mapping):
        raise UserError(f"{where} has parts: set them one by one, such as {where}.{dataclasses.fields(kind)[0].name}")
    hints = typing.get_type_hints(kind)
    for name in value:
        if name not in hints:
            raise UserError(f"{where} has no field {name!r}; {nearest(name, hints)}")
    parts = {name: convert(hints[name], entry, f"{where}.{name}") for name, entry in value.items()}
    try:
        return kind(**parts)
    except TypeError as error:
        raise UserError(f"{where}: {str(error).split('() ')[-1]}") from None


def assign(config: Config, words: Iterable[tuple[str, str]]) -> Config:
    """`config` with every (name, value) set; a dot reaches inside: ("network.kind", "scorer"). Raises `UserError`."""
    data = dataclasses.asdict(config)
    for name, value in words:
        _put(data, Config, name.split("."), value, name)
    changed = from_json(data, "--set")
    for name, _ in words:
        schedule = _reach(changed, name.rpartition(".")[0])
        if isinstance(schedule, Schedule) and schedule.kind == "constant" and name.endswith((".end", ".until")):
            owner = name.rpartition(".")[0]
            raise UserError(f"{name} does nothing while {owner}.kind is constant; also set {owner}.kind=linear")
    return changed


def _put(data: dict[str, Any], kind: Any, parts: list[str], value: str, name: str) -> None:
    hints = typing.get_type_hints(kind)
    first, *rest = parts
    if first not in hints:
        prefix = name[: len(name) - len(".".join(parts))]
        raise UserError(f"unknown setting {name!r}; {nearest(first, hints, prefix)}")
    inner = next((k for k in (hints[first], *typing.get_args(hints[first])) if dataclasses.is_dataclass(k)), None)
    if not rest:
        data[first] = dataclasses.asdict(constant(convert(float, value, name))) if inner is Schedule else value
        data[first] = _settled(hints[first], data[first], name)
    elif inner is None:
        raise UserError(f"{'.'.join(parts[:1])} has no parts: set it as {first}=value")
    else:
        data[first] = dict(data[first] or {})
        _put(data[first], inner, rest, value, name)


def _settled(hint: Any, value: Any, name: str) -> Any:
    made = convert(hint, value, name)
    return dataclasses.asdict(made) if dataclasses.is_dataclass(made) and not isinstance(made, type) else made


def _reach(config: Any, name: str) -> Any:
    for part in name.split("."):
        config = getattr(config, part, None)
    return config


def pairs(words: Iterable[str]) -> list[tuple[str, str]]:
    """("name", "value") of each "name=value". Raises `UserError` for a word of another form."""
    found = [word.partition("=") for word in words]
    for name, sign, value in found:
        if not (name and sign):
            raise UserError(f"--set needs name=value, not {name + sign + value!r}")
    return [(name, value) for name, _, value in found]


def parameters(make: Any, words: Iterable[tuple[str, str]], system: str) -> dict[str, Any]:
    """Keyword arguments for an environment's `make` from (name, value) words. Raises `UserError` for unknown ones."""
    import inspect

    known = {name: p for name, p in inspect.signature(make).parameters.items() if name != "split"}
    hints = typing.get_type_hints(make)
    found = {}
    for name, value in words:
        if name not in known:
            raise UserError(f"{system} has no parameter {name!r}; {nearest(name, known)}")
        default = known[name].default
        guess = type(default) if type(default) in _KINDS else object
        found[name] = convert(hints.get(name, guess), value, f"env.{name}")
    return found
