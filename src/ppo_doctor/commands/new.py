"""`ppo-doctor new`."""

from __future__ import annotations

from pathlib import Path

import tyro


def command(
    kind: tyro.conf.Positional[str],
    name: tyro.conf.Positional[str],
    *,
    family: str | None = None,
    into: Path = Path("."),
) -> None:
    """Begin a new rule, cause, fault, environment, reader or probe: its file and its test, with what to fill in marked.

    In a checkout of this project the files go where they belong; elsewhere into a package of your own, found through
    the entry point that is printed. Nothing is overwritten.

    For example:
      ppo-doctor new rule reward-too-late --family reward
      ppo-doctor new reader my_trainer
      ppo-doctor new rule queue-starves --family env --into ../my-checks

    Args:
        kind: What to begin: rule, cause, fault, env, reader, probe.
        name: Its name; small letters, digits, hyphens.
        family: Folder of a rule or a cause.
        into: Folder of the project to write into.
    """
    from ppo_doctor import scaffold

    plan = scaffold.plan(scaffold.find(kind), name, family, into)
    for path in scaffold.write(plan):
        if path.name != "__init__.py":
            print(path)
    if plan.entry_point:
        print(f"\nadd to pyproject.toml:\n\n{plan.entry_point}\n")
    if plan.note:
        print(plan.note)
    print(f"fill in what is marked {scaffold.MARK}; the test fails until none is left")
