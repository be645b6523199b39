"""The command `ppo-doctor`. A user's mistake is one line on standard error and exit status 2, never a traceback."""

from __future__ import annotations

import contextlib
import difflib
import functools
import inspect
import io
import itertools
import operator
import os
import re
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import tyro

from ppo_doctor import commands
from ppo_doctor.errors import UserError

DESCRIPTION = """Trains PPO, sees why a run does not learn, proves the cause, cures it, and proves the cure.

Examples:
  ppo-doctor demo                      train on a real trace and compare with every baseline
  ppo-doctor train cartpole            train, with live progress, into runs/cartpole-1
  ppo-doctor evaluate cartpole-1       PPO against the baselines on unseen episodes
  ppo-doctor diagnose cartpole-1       what is wrong with the run
"""
TRAINING = ("jax", "jaxlib", "equinox", "optax", "jaxtyping")
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    try:
        with warnings.catch_warnings():  # gives back what we change
            warnings.showwarning = _say_warning
            return _run(list(sys.argv[1:] if argv is None else argv))
    except UserError as error:
        return _fail(str(error))
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in TRAINING:
            raise
        return _fail(f"this needs {error.name}: pip install 'ppo-doctor[train]'")
    except BrokenPipeError:  # the reader of our output has left, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1
    except OSError as error:
        return _fail(f"{error.strerror or error}: {error.filename}" if error.filename else f"{error}")
    except KeyboardInterrupt:
        return INTERRUPTED


def _fail(message: str) -> int:
    print("ppo-doctor:", " ".join(message.split()), file=sys.stderr)
    return 2


def _say_warning(message: Any, category: Any, filename: str, lineno: int, file: Any = None, line: Any = None) -> None:
    del category, filename, lineno, file, line
    print("ppo-doctor: note:", " ".join(str(message).split()), file=sys.stderr)


def _run(argv: list[str]) -> int:
    known = commands.names()
    if argv and not argv[0].startswith("-") and argv[0] not in known:
        close = difflib.get_close_matches(argv[0], known, n=3)
        hint = f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(known)}"
        raise UserError(f"unknown command {argv[0]!r}; {hint}")
    app = {name: commands.load(name) for name in known}
    return int(_parse(_gathered(argv, app[argv[0]]) if argv and argv[0] in app else argv, app)() or 0)


def _gathered(argv: list[str], command: Callable[..., Any]) -> list[str]:
    """`argv` with the values of an option that takes several in one place: of a repeated one the parser would keep the
    last alone."""
    lists = {name for name, one in inspect.signature(command).parameters.items() if isinstance(one.default, tuple)}
    end = argv.index("--") if "--" in argv else len(argv)
    found: dict[str, list[str]] = {}
    kept = others = []
    for word in argv[:end]:
        option, is_said, value = word.partition("=")
        if option.startswith("--"):
            kept = found.setdefault(option, []) if option[2:].replace("-", "_") in lists else others
        if kept is others or not option.startswith("--"):
            kept.append(word)
        elif is_said:
            kept.append(value)
    return others + [word for option, values in found.items() for word in (option, *values)] + argv[end:]


def _parse(argv: list[str], app: dict[str, Callable[..., Any]]) -> Callable[[], int | None]:
    """The command asked for, with its arguments. Raises `UserError` for what cannot be parsed; `--help` prints and
    returns a command that does nothing."""
    said = io.StringIO()
    later = {name: _bound(function) for name, function in app.items()}
    try:
        with contextlib.redirect_stderr(said):
            return tyro.extras.subcommand_cli_from_dict(
                later,
                prog="ppo-doctor",
                description=DESCRIPTION,
                args=argv,
                config=(tyro.conf.FlagCreatePairsOff,),
            )
    except SystemExit as error:
        if error.code in (0, None):
            return lambda: 0
        raise UserError(_mistake(said.getvalue(), argv, app)) from None


def _bound(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function`, to be called later: parsing must not run it."""

    @functools.wraps(function)
    def bind(*args: Any, **kwargs: Any) -> Callable[[], Any]:
        return functools.partial(function, *args, **kwargs)

    return bind


def _mistake(said: str, argv: list[str], app: dict[str, Callable[..., Any]]) -> str:
    """One line about what the parser refused."""
    if not argv or argv[0] not in app:
        return f"which command? there are {', '.join(app)}; `ppo-doctor --help` says more"
    options = [f"--{name.replace('_', '-')}" for name in inspect.signature(app[argv[0]]).parameters]
    help_is = f"`ppo-doctor {argv[0]} --help` lists the options"
    for word in argv[1:]:
        option = word.partition("=")[0].replace("_", "-")
        if option.startswith("--") and option not in options:
            close = difflib.get_close_matches(option, options, n=3, cutoff=0.5)
            return f"unknown option {word}; " + (f"did you mean {' or '.join(close)}?" if close else help_is)
    reason = _reason(said)
    if value := re.match(r"Error parsing (--\S+?):.*'([^']*)'\]?\.?$", reason):
        return f"{value[1]} cannot be {value[2]!r}; {help_is}"
    return f"{reason.rstrip('.')}; {help_is}"


def _reason(said: str) -> str:
    """The parser's reason: the first lines under the title of its box, whose rules may be dashes or line drawings."""
    bare = [line.strip(" ╭╮╰╯│─") if re.search(r"\w", line) else "" for line in said.splitlines()]
    under = itertools.dropwhile(operator.not_, bare[1:])
    return " ".join(itertools.takewhile(bool, under))
