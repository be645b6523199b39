"""The laws of the house that a machine can hold: who imports whom, what is cheap, how large things may grow."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "ppo_doctor"
FILES = sorted(PACKAGE.rglob("*.py"))
LINES_OF_A_FUNCTION, LINES_OF_A_FILE, LINES_OF_A_RULE = 80, 400, 100

HEAVY = ("jax", "jaxlib", "equinox", "optax", "torch", "stable_baselines3", "sb3_contrib", "tensorflow")
TRAINER = ("ppo_doctor.train", "ppo_doctor.adapters.sb3", "ppo_doctor.adapters.gymnasium")
WAIST = ("errors", "jsonl", "run", "signal_table", "signal_trials", "signals", "store")

ARROWS = [
    (("diagnose", "report", "audit", "adapters/readers"), (*HEAVY, *TRAINER), "reads logs without JAX or torch"),
    (tuple(f"{name}.py" for name in WAIST), (*HEAVY, *TRAINER, "ppo_doctor.diagnose", "scipy"), "the waist is light"),
    (("train",), ("ppo_doctor.diagnose", "ppo_doctor.report", "ppo_doctor.cli"), "the trainer never judges"),
    (("diagnose",), ("ppo_doctor.report", "ppo_doctor.adapters", "ppo_doctor.cli"), "rules know no producer, no page"),
    (("",), ("ppo_doctor.testing",), "conformance suites serve tests only"),
]
"""(parts of the package, what they may not import even inside a function, why)."""


def names(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(module: ast.Module, path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of every import, those inside functions and type-checking blocks included."""
    package = path.relative_to(PACKAGE.parent).with_suffix("").parts
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join([*package[: -node.level], node.module or ""] if node.level else [node.module or ""])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def breaches(path: Path, module: ast.Module) -> list[str]:
    """Every import of `path` that crosses an arrow the wrong way."""
    inside = path.relative_to(PACKAGE).as_posix()
    found = []
    for parts, forbidden, why in ARROWS:
        if not any(inside == part or inside.startswith(f"{part}/" if part else "") for part in parts):
            continue
        if inside.startswith("testing/") and "ppo_doctor.testing" in forbidden:
            continue
        for line, name in imported(module, path):
            if any(name == other or name.startswith(f"{other}.") for other in forbidden):
                found.append(f"{inside}:{line} imports {name}: {why}")
    return found


def long_functions(module: ast.Module) -> list[str]:
    """Functions whose code, docstring left out, is longer than a function may be."""
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            docstring = isinstance(first, ast.Expr) and isinstance(getattr(first.value, "value", None), str)
            prose = (first.end_lineno or 0) - first.lineno + 1 if docstring else 0
            length = (node.end_lineno or 0) - node.lineno + 1 - prose
            if length > LINES_OF_A_FUNCTION:
                found.append(f"{node.name} has {length} lines")
    return found


@pytest.mark.parametrize("path", FILES, ids=names)
def test_imports_follow_the_arrows(path: Path) -> None:
    assert breaches(path, tree(path)) == []


@pytest.mark.parametrize(
    ("inside", "code", "wrong"),
    [
        ("diagnose/rules/policy/x.py", "import jax", True),
        ("diagnose/rules/policy/x.py", "def f():\n    import jax.numpy as jnp", True),
        ("adapters/readers/x.py", "from torch import nn", True),
        ("adapters/sb3.py", "import torch", False),
        ("report/x.py", "from ppo_doctor import train", True),
        ("report/x.py", "from ppo_doctor.train.config import Config", True),
        ("train/x.py", "from ppo_doctor.diagnose.engine import diagnose", True),
        ("train/x.py", "from ..diagnose import engine", True),
        ("train/x.py", "import jax", False),
        ("store.py", "import jaxlib", True),
        ("store.py", "import jaxtyping_is_not_jax", False),
        ("cli.py", "from ppo_doctor.diagnose import engine", False),
        ("train/x.py", "from ppo_doctor.testing import envs", True),
        ("testing/x.py", "from ppo_doctor.testing import envs", False),
    ],
)
def test_the_arrow_test_can_fail(inside: str, code: str, wrong: bool) -> None:
    assert bool(breaches(PACKAGE / inside, ast.parse(code))) == wrong


@pytest.mark.parametrize("path", [*FILES, *sorted((ROOT / "tests").rglob("*.py"))], ids=names)
def test_files_and_functions_stay_small(path: Path) -> None:
    rule = "diagnose/rules/" in path.as_posix() and path.name != "__init__.py"
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= (LINES_OF_A_RULE if rule else LINES_OF_A_FILE)
    assert long_functions(tree(path)) == []


def test_the_size_test_can_fail() -> None:
    body = "\n".join("    x = 1" for _ in range(LINES_OF_A_FUNCTION))
    assert long_functions(ast.parse(f"def f():\n{body}")) == ["f has 81 lines"]
    assert long_functions(ast.parse(f'def f():\n    """One."""\n{body[10:]}')) == []


@pytest.mark.parametrize(
    "module", ["", ".signals", ".run", ".store", ".diagnose.engine", ".report.text", ".report.json", ".train.config"]
)
def test_the_base_install_loads_no_accelerator_library(module: str) -> None:
    code = f"import sys, ppo_doctor{module}; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_judging_a_run_loads_no_accelerator_library() -> None:
    code = (
        "import sys; from ppo_doctor.diagnose.engine import diagnose; from ppo_doctor.diagnose.rule import all_rules\n"
        "from ppo_doctor.report.text import render\n"
        "for rule in all_rules():\n"
        "    for run in rule.examples('FIRES'): render(diagnose(run))\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
