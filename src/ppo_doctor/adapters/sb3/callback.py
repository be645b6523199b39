"""The callback that a user adds to `learn`."""

from __future__ import annotations

import atexit
import os
import sys
import time
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path

from stable_baselines3.common.callbacks import BaseCallback

from ppo_doctor import runs, signals, store
from ppo_doctor.adapters.sb3 import setup, update
from ppo_doctor.adapters.sb3.guard import Allowance, Guard
from ppo_doctor.adapters.sb3.session import Session
from ppo_doctor.diagnose.changes import changes
from ppo_doctor.diagnose.differential import examine
from ppo_doctor.diagnose.engine import Report, Settings
from ppo_doctor.diagnose.finding import SEVERITIES, Severity
from ppo_doctor.errors import UserError
from ppo_doctor.report import brief
from ppo_doctor.run import Run


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _warm_up() -> float:
    """Import every rule and cause now instead of while training; returns the seconds of a diagnosis after that."""
    examine(Run("nothing yet", {}))
    begin = time.perf_counter()
    examine(Run("nothing yet", {}))
    return time.perf_counter() - begin


class Doctor(BaseCallback):
    """Records a training with PPO or MaskablePPO, checks its buffer, and says what gets worse.

    model.learn(100_000, callback=Doctor())

    It never raises into the training and never changes it: the parameters come out the same, bit for bit.
    """

    def __init__(
        self,
        path: Path | str | None = None,
        *,
        settings: Settings | Path | str | None = None,
        known: Mapping[str, float] | None = None,
        least: Severity = "warning",
        share: float = 0.012,
        say: Callable[[str], None] = _print,
    ) -> None:
        """`path`: directory of the run; by default the next free one below `runs/`. `settings`: thresholds and
        suppressed rules, or their TOML file. `known`: what only you know, such as `random_return`, by name of the
        vocabulary. `least`: mildest severity that is printed. `share`: of the training time, for checks and diagnoses;
        where updates are short, not each is looked at. `say` receives each line.

        Raises `UserError` for an unknown name in `known` or `settings`.
        """
        super().__init__()
        if unknown := [name for name in known or {} if not signals.known(name)]:
            raise UserError(f"known: no signal is called {', '.join(unknown)}")
        self.path: Path | None = None
        """Directory of the run, once training has begun."""
        self.report: Report | None = None
        """The latest diagnosis."""
        self._wanted = None if path is None else Path(path)
        self._settings = Settings.from_toml(settings) if isinstance(settings, Path | str) else settings
        self._known, self._least, self._say = dict(known or {}), SEVERITIES.index(least), say
        self._guard = Guard(say)
        self._share = share
        self._session: Session | None = None
        self._said: set[tuple[str, str]] = set()
        self._diagnosis_costs = _warm_up()
        atexit.register(_at_exit, weakref.ref(self), os.getpid())

    def finish(self, status: str = "finished") -> None:
        """Write what is left, diagnose and print the outcome. Called by itself at the end; again does nothing."""
        session, self._session = self._session, None
        if session is None:
            return
        self._guard.run("write the last row", session.flush, status == "finished")
        self._guard.run("write the invariants", session.write_invariants)
        session.close()
        self._guard.run("close the run", session.writer.finish, status)
        self._guard.run("diagnose", self._diagnose)
        self._guard.run("sum up", self._sum_up, session)
        if self._guard.errors:
            self._guard.run("keep our own errors", session.writer.write_json, "doctor_errors.json", self._guard.errors)

    def _on_training_start(self) -> None:
        self.finish("interrupted")  # of a training before that raised
        self._session = self._guard.run("start recording", self._begin)

    def _on_rollout_start(self) -> None:
        if self._session is not None:
            self._guard.run("record the update", self._session.begin_rollout)
            self._guard.run("diagnose", self._diagnose_if_cheap)

    def _on_step(self) -> bool:
        if self._session is not None:
            self._guard.run("record a step", self._session.step, self.locals)
        return True

    def _on_rollout_end(self) -> None:
        if self._session is not None:
            self._guard.run("record the rollout", self._session.end_rollout)

    def _on_training_end(self) -> None:
        self.finish()

    def _begin(self) -> Session:
        model = self.model
        if not hasattr(model, "rollout_buffer") or not hasattr(model, "clip_range"):
            raise UserError(f"{type(model).__name__} is not PPO: nothing is recorded")
        writer = self._continued() or self._new()
        self.path = writer.path
        total = getattr(model, "_total_timesteps", 0)
        writer.add_scalars({"total_steps": total, **self._known})
        self._diagnosis = Allowance(0.4 * self._share, self._diagnosis_costs)
        return Session(model, writer, self._guard, self.locals.get("callback"), 0.3 * self._share)

    def _continued(self) -> store.Writer | None:
        """The run before, if this training goes on with it."""
        path, step = self.path or self._wanted, self.model.num_timesteps
        if path is None or step == 0 or not (path / "run.json").is_file():
            return None
        return store.open(path, after_step=step)

    def _new(self) -> store.Writer:
        name = setup.system(self.model)
        path = self._wanted or runs.reserve(name, Path("runs"), None)
        if (path / "run.json").exists():
            path = runs.reserve(path.name, path.parent, None)
            self._say(f"ppo-doctor: {self._wanted} holds another run; this one is recorded in {path}")
        self._said, self.report = set(), None
        about = {"id": path.name, "system": name, "producer": "stable-baselines3", "caveats": update.CAVEATS}
        seed = {} if self.model.seed is None else {"seed": self.model.seed}
        config = self._guard.run("read the hyper-parameters", setup.config, self.model, self.model._total_timesteps)
        return store.create(path, {**about, **seed, "config": config or {}})

    def _diagnose_if_cheap(self) -> None:
        if self._session is not None and self._session.fresh and self._diagnosis.may():
            begin = time.perf_counter()
            self._session.fresh = False
            self._session.write_invariants()
            self._diagnose()
            self._diagnosis.pay(time.perf_counter() - begin)

    def _diagnose(self) -> None:
        """Diagnose what is recorded so far; say what is worse than ever before."""
        assert self.path is not None
        before, self.report = self.report, examine(store.load(self.path), self._settings)
        for change in changes(before, self.report):
            key = (change.name, change.severity or "")
            grave = change.severity is None or SEVERITIES.index(change.severity) >= self._least
            if change.worse and grave and key not in self._said:
                self._said.add(key)
                self._say(f"ppo-doctor: step {self.report.run.last_step}: {change.sentence()}")

    def _sum_up(self, session: Session) -> None:
        assert self.report is not None
        for line in brief.render(self.report).splitlines():
            self._say(f"ppo-doctor: {line}")
        if session.rows < session.rollouts:
            looked = f"looked at {session.rows} of {session.rollouts} updates"
            self._say(f"ppo-doctor:   {looked}: they are short; a larger `share` sees more")
        self._say(f"ppo-doctor: more with: ppo-doctor diagnose {self.path}")


def _at_exit(doctor: weakref.ref[Doctor], process: int) -> None:
    """End a run that an exception or Ctrl-C cut off; not in a forked child."""
    living = doctor()
    if living is not None and os.getpid() == process:
        error = getattr(sys, "last_type", None)
        living.finish("failed" if error is not None and issubclass(error, Exception) else "interrupted")
