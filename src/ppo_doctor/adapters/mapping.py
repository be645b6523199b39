"""A mapping file: the user says which column of an unknown log is which signal."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ppo_doctor import signals
from ppo_doctor.adapters.format import Format, To
from ppo_doctor.adapters.table import Table
from ppo_doctor.errors import UserError

OFFERED = 40
"""Columns a template lists."""
HINTS = {
    "mean_ep_return": r"return|reward|rew\b|score",
    "mean_ep_length": r"length|ep_?len|duration",
    "approx_kl_mean": r"kl\b|kl_",
    "clip_frac": r"clip_?frac",
    "entropy": r"entropy",
    "explained_variance": r"expl",
    "v_loss": r"(value|vf|critic|v)_?loss|loss_?(value|vf|critic)",
    "pg_loss": r"(policy|actor|pg|surr)\w*_?loss|loss_?(policy|actor|objective)",
    "learning_rate": r"\blr\b|learning_?rate",
}
"""Signal -> what a column that holds it is usually called: only a suggestion in a template."""


class UnmappableError(UserError):
    """A log that no reader knows; `template` is a mapping file to fill in."""

    def __init__(self, message: str, template: str) -> None:
        super().__init__(message)
        self.template = template


def from_toml(path: Path) -> Format:
    """The format described by a mapping file. Raises `UserError` for what it cannot mean."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return _format(tables)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, UserError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UserError(f"mapping {path}: {reason}") from None


def _format(tables: Mapping[str, Any]) -> Format:
    if unknown := set(tables) - {"step", "signals", "scalars", "ignore"}:
        raise UserError(f"unknown entry {', '.join(sorted(unknown))}; known: step, signals, scalars, ignore")
    named, scalars, step = tables.get("signals", {}), tables.get("scalars", {}), tables.get("step", "")
    if not isinstance(named, Mapping) or not isinstance(scalars, Mapping) or not isinstance(step, str) or not named:
        raise UserError('needs step = "column" and a table [signals] with entries such as entropy = "column"')
    pairs = [_target(signal, entry) for signal, entry in named.items()]
    constants = {name: _scalar(name, value) for name, value in scalars.items()}
    return Format(
        name="mapped",
        title="a mapping file",
        marks=tuple(column for column, _ in pairs),
        steps=(step,) if step else (),
        columns=dict(pairs),
        ignored=tuple(str(one) for one in tables.get("ignore", ())),
        derive=lambda table, series: constants,
    )


def _target(signal: str, entry: Any) -> tuple[str, To]:
    _check(signal, "series")
    if isinstance(entry, str):
        return entry, To(signal)
    if (
        not isinstance(entry, Mapping)
        or not isinstance(entry.get("column"), str)
        or set(entry)
        - {
            "column",
            "scale",
            "caveat",
        }
    ):
        raise UserError(f'{signal} needs a column: "name", or {{ column = "name", scale = -1.0, caveat = "..." }}')
    scale, caveat = entry.get("scale", 1.0), entry.get("caveat")
    if isinstance(scale, bool) or not isinstance(scale, int | float) or not (caveat is None or isinstance(caveat, str)):
        raise UserError(f"{signal}: scale must be a number, caveat a text")
    return entry["column"], To(signal, float(scale), caveat)


def _scalar(name: str, value: Any) -> float:
    _check(name, "scalar")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UserError(f"{name} must be a number")
    return float(value)


def _check(name: str, kind: str) -> None:
    if not signals.known(name):
        near = difflib.get_close_matches(name, signals.SIGNALS, n=3)
        raise UserError(f"unknown signal {name!r}" + (f"; near: {', '.join(near)}" if near else ""))
    if signals.lookup(name).kind != kind:
        raise UserError(f"{name} is no {kind}: it belongs under [{'signals' if kind == 'scalar' else 'scalars'}]")


def unmappable(tables: list[Table]) -> UnmappableError:
    """The error for tables that no format fits."""
    columns = list(dict.fromkeys(name for table in tables for name in table.columns))
    some = ", ".join(columns[:6]) + (", ..." if len(columns) > 6 else "")
    path = tables[0].path
    message = f"{path} is of no known format (columns: {some}): say which column is what with --mapping FILE.toml"
    return UnmappableError(message, template(columns))


def template(columns: list[str]) -> str:
    """A mapping file to fill in: the likely columns suggested, all others listed."""
    step = next((name for name in columns if re.search(r"step|frame", name.lower())), "")
    lines = ["# Which column is which signal. `ppo-doctor diagnose LOG --mapping THIS_FILE`", f"step = {_quoted(step)}"]
    lines += ["", "[signals]  # scale = -1.0 turns a loss that is minus the entropy into the entropy"]
    used = {step}
    for signal, pattern in HINTS.items():
        found = next((name for name in columns if name not in used and re.search(pattern, name.lower())), None)
        used.add(found or "")
        lines.append(f"{'' if found else '# '}{signal} = {{ column = {_quoted(found or '')}, scale = 1.0 }}")
    lines += ["", "[scalars]", "# n_envs = 8", "# n_steps = 128", "# gamma = 0.99", "", "# other columns:"]
    rest = [name for name in columns if name not in used]
    lines += [f"#   {_quoted(name)}" for name in rest[:OFFERED]]
    lines += [f"#   ... and {len(rest) - OFFERED} more"] if len(rest) > OFFERED else []
    return "\n".join(lines) + "\n"


def _quoted(name: str) -> str:
    """A TOML basic string."""
    safe = "".join(c if c.isprintable() and c not in '"\\' else f"\\u{ord(c):04x}" for c in name if ord(c) < 0xD800)
    return f'"{safe}"'
