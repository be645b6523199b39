"""Evaluations as tables: made, kept in evaluation.json, printed."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from ppo_doctor import jsonl, runs
from ppo_doctor.errors import UserError
from ppo_doctor.train import seeds
from ppo_doctor.train.job import Job, read

FILE = "evaluation.json"


def console() -> Console:
    """Standard output; wide where it is no terminal, so that files and pipes get whole lines."""
    return (
        Console(highlight=False, markup=False)
        if sys.stdout.isatty()
        else Console(width=160, highlight=False, markup=False)
    )


def evaluated(path: Path, episodes: int, checkpoint: Any = "best") -> dict[str, Any]:
    """Evaluate the run in `path` on the report seeds and keep the result there. Raises `UserError`."""
    seeds.keep_compiled()
    from ppo_doctor.train import compare

    table = compare.compare([read(run) for run in runs.members(path)], episodes, checkpoint)
    jsonl.write_json(path / FILE, table.as_dict())
    return jsonl.read_json(path / FILE)


def show_evaluation(found: dict[str, Any]) -> None:
    """Print an evaluation."""
    less = "less is better" if found["minimise"] else "more is better"
    params = "".join(f", {name} {value}" for name, value in found["params"].items())
    out = console()
    out.print(f"{found['system']}{params}: {found['metric']} ({less}) on {found['episodes']} report episodes")
    table = Table(show_edge=False, pad_edge=False)
    for name in ("policy", "mean [95 %]", "worst block", "best block", "PPO minus it [95 %]", "PPO / it [95 %]", ""):
        table.add_column(name, justify="left" if name in ("policy", "") else "right")
    for row in found["rows"]:
        against = row["versus"] or {"difference": None, "ratio": None}
        blocks = (number(row["worst_block"]), number(row["best_block"]))
        cells = (interval(against["difference"], sign=True), interval(against["ratio"]))
        table.add_row(row["name"], interval(row["mean"]), *blocks, *cells, verdict(row, found["minimise"]))
    out.print(table)
    cut = sum(row["unfinished"] for row in found["rows"])
    if cut:
        out.print(f"{cut} episodes were cut by the step bound: their metrics are of what was played")


def verdict(row: dict[str, Any], minimise: bool) -> str:
    """What the paired difference says about PPO."""
    if row["versus"] is None or row["kind"] == "bound":
        return "no policy can be better" if row["kind"] == "bound" else ""
    low, high = (jsonl.number(row["versus"]["difference"][end]) for end in ("low", "high"))
    if low is None or high is None or not low * high > 0:
        return "no clear difference"
    return "PPO is better" if (high < 0) == minimise else "PPO is worse"


def number(value: Any) -> str:
    """A number in four digits."""
    found = jsonl.number(value)
    return "" if found is None or found != found else f"{found:,.4g}"


def interval(value: dict[str, Any] | None, sign: bool = False) -> str:
    """ "12.3 [11.9, 12.8]"."""
    if value is None or not number(value["mean"]):
        return ""
    plus = "+" if sign and (jsonl.number(value["mean"]) or 0) > 0 else ""
    ends = f" [{number(value['low'])}, {number(value['high'])}]" if number(value["low"]) else ""
    return f"{plus}{number(value['mean'])}{ends}"


def compared(a: Path, b: Path, episodes: int) -> dict[str, Any]:
    """Two runs against each other, on the same report episodes. Raises `UserError` if they cannot be paired."""
    jobs = [read(runs.members(path)[0]) for path in (a, b)]
    if (jobs[0].system, jobs[0].params) != (jobs[1].system, jobs[1].params):
        about = [f"{job.system} {dict(job.params)}" for job in jobs]
        raise UserError(f"{a} and {b} cannot be paired: they were trained on {about[0]} and on {about[1]}")
    from ppo_doctor.train import compare

    tables = [_kept(path, episodes) or evaluated(path, episodes) for path in (a, b)]
    values = [np.array(table["rows"][0]["values"], float) for table in tables]
    against = compare.versus(*values)
    return {
        "a": str(a),
        "b": str(b),
        "metric": tables[0]["metric"],
        "minimise": tables[0]["minimise"],
        "episodes": episodes,
        "settings": differences(jobs[0], jobs[1]),
        "mean": {name: table["rows"][0]["mean"] for name, table in zip(("a", "b"), tables, strict=True)},
        "difference": jsonl.encode(against.difference._asdict()),
        "ratio": jsonl.encode(against.ratio._asdict()),
    }


def _kept(path: Path, episodes: int) -> dict[str, Any] | None:
    """The evaluation kept in a run, if it is of this many episodes, of all its seeds and of its present checkpoints."""
    newest = max((file.stat().st_mtime for file in path.glob("**/best.eqx")), default=0.0)
    if not (path / FILE).exists() or (path / FILE).stat().st_mtime < newest:
        return None
    found = jsonl.read_json(path / FILE)
    same = found.get("episodes") == episodes and found.get("checkpoint") == "best"
    return found if same and found.get("seeds") == [read(run).seed for run in runs.members(path)] else None


def differences(a: Job, b: Job) -> dict[str, tuple[Any, Any]]:
    """Settings that differ, by dotted name."""
    one, two = (_flat(jsonl.encode(dataclasses.asdict(job.config))) for job in (a, b))
    return {name: (one.get(name), two.get(name)) for name in one | two if one.get(name) != two.get(name)}


def _flat(tree: Any, prefix: str = "") -> dict[str, Any]:
    if not isinstance(tree, dict):
        return {prefix: tree}
    return {k: v for name, entry in tree.items() for k, v in _flat(entry, f"{prefix}.{name}".strip(".")).items()}


def show_comparison(found: dict[str, Any]) -> None:
    """Print a comparison of two runs."""
    out = console()
    less = "less is better" if found["minimise"] else "more is better"
    out.print(f"{found['metric']} ({less}) on the same {found['episodes']} report episodes")
    for side in ("a", "b"):
        out.print(f"  {found[side]}: {interval(found['mean'][side])}")
    out.print(f"  difference: {interval(found['difference'], sign=True)}   ratio: {interval(found['ratio'])}")
    if not found["settings"]:
        out.print("their settings are the same")
        return
    table = Table("setting", found["a"], found["b"], show_edge=False, pad_edge=False)
    for name, (one, two) in found["settings"].items():
        table.add_row(name, str(one), str(two))
    out.print(table)
