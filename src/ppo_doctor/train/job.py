"""What one training is: a system, its parameters, a configuration, a seed, a directory. Plain data; imports no JAX."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from ppo_doctor import jsonl
from ppo_doctor.errors import UserError
from ppo_doctor.train import settings
from ppo_doctor.train.config import Config

BLOCKS = 4
"""Blocks of validation and of report seeds: a policy is judged by its worst one too."""
LAST_SEED = 2**32 - 1
"""Greatest seed: of a greater one JAX's keys hold the last 32 bits only."""


@dataclass(frozen=True)
class Job:
    """One training of one seed into one run directory."""

    system: str
    params: Mapping[str, Any]
    """Arguments of the environment's `make`."""
    config: Config
    seed: int
    path: Path
    eval_every: int
    """Updates between evaluations on the validation seeds; the last update is always evaluated."""
    eval_episodes: int
    """Episodes per block of an evaluation."""
    eval_blocks: int = BLOCKS

    def meta(self) -> dict[str, Any]:
        """The job as run.json records it; `read` is the way back."""
        data = {field.name: getattr(self, field.name) for field in dataclasses.fields(self) if field.name != "path"}
        return data | {"id": self.path.name, "params": dict(self.params), "config": dataclasses.asdict(self.config)}

    def recorded(self) -> Job:
        """The job as it comes back from run.json, where a tuple is a list."""
        return parse(json.loads(json.dumps(jsonl.encode(self.meta()))), self.path)


class Progress(NamedTuple):
    """Where one training stands after an update."""

    seed: int
    update: int
    updates: int
    """Updates of the whole run."""
    step: int
    signals: Mapping[str, float]
    """Signals of this update; `eval_...` among them if it was evaluated."""
    score: float | None
    """The system's headline metric on the validation seeds; None unless this update was evaluated."""
    best: float | None
    """Best score so far."""


class Failure(NamedTuple):
    """One training that ended without finishing, while others go on."""

    seed: int
    message: str
    """One line that says what happened and what to do."""


Events = Generator[Progress | Failure, None, None]
"""What trainings say while they run; closing it makes them save and stop."""


def parse(meta: Mapping[str, Any], path: Path) -> Job:
    """The job in the record `meta` of the run directory `path`. Raises `UserError` if it is none."""
    try:
        counts = {name: int(meta[name]) for name in ("seed", "eval_every", "eval_episodes", "eval_blocks")}
        system, params, config = str(meta["system"]), dict(meta["params"]), meta["config"]
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"{path / 'run.json'} does not describe a training ({error}); it cannot be resumed") from None
    return Job(system, params, settings.from_json(config, f"{path / 'run.json'}: config"), path=path, **counts)


def read(path: Path) -> Job:
    """The job of the run directory `path`. Raises `UserError` if there is none."""
    return parse(jsonl.read_json(path / "run.json"), path)
