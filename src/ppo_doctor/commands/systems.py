"""`ppo-doctor systems`."""

from __future__ import annotations

import json as json_


def command(*, json: bool = False) -> None:
    """List the systems and environments to train on, with their configurations and parameters.

    For example:
      ppo-doctor systems
      ppo-doctor systems --json

    Args:
        json: Print one JSON object.
    """
    from ppo_doctor import launch
    from ppo_doctor.train import baselines, envs

    found = {}
    for name in envs.names():
        module = launch.system(name)
        found[name] = {
            "about": (module.__doc__ or "").strip().split("\n\n")[0].replace("\n", " "),
            "configurations": list(module.CONFIGS),
            "parameters": launch.parameters(module),
            "baselines": name in baselines.names(),
        }
    if json:
        print(json_.dumps(found, indent=1))
        return
    _table(found)


def _table(found: dict[str, dict]) -> None:
    from rich.table import Table

    from ppo_doctor.tables import console

    table = Table("system", "configurations", "what it is", show_edge=False, pad_edge=False)
    for name, about in found.items():
        table.add_row(name, ", ".join(about["configurations"]), about["about"])
    console().print(table)
