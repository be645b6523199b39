"""A run as a user of Stable-Baselines3 has it: the columns of its progress.csv and no more, read by our reader."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from ppo_doctor.adapters import logs
from ppo_doctor.run import Run


def _as_it_is(value: np.ndarray) -> np.ndarray:
    return value


COLUMNS: Mapping[str, tuple[str, Callable[[np.ndarray], np.ndarray]]] = {
    "rollout/ep_rew_mean": ("mean_ep_return", _as_it_is),
    "rollout/ep_len_mean": ("mean_ep_length", _as_it_is),
    "train/approx_kl": ("approx_kl_last", _as_it_is),
    "train/clip_fraction": ("clip_frac", _as_it_is),
    "train/clip_range": ("clip_coef_value", _as_it_is),
    "train/entropy_loss": ("entropy", np.negative),
    "train/explained_variance": ("explained_variance", _as_it_is),
    "train/learning_rate": ("learning_rate", _as_it_is),
    "train/n_updates": ("epochs_run", lambda passes: np.cumsum(np.ceil(passes))),  # a pass cut short counts as one
    "train/policy_gradient_loss": ("pg_loss", _as_it_is),
    "train/std": ("log_std_mean", np.exp),
    "train/value_loss": ("v_loss", lambda loss: 2.0 * loss),
}
"""SB3's column -> our signal and what makes one of the other. Returns are of one rollout, SB3's of 100 episodes."""

UNDEFINED = "train/explained_variance"
"""The column that says nan where returns are equal; others are left empty."""


def as_sb3(run: Run) -> Run:
    """`run` through a progress.csv, without its configuration."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "progress.csv"
        write(run, path)
        return logs.read(logs.Source(path, (path,)))


def write(run: Run, path: Path) -> None:
    """Write the columns that SB3 would have, a row an update.

    What was never recorded has no column, but for the explained variance: where it is undefined SB3 writes nan.
    """
    steps = run.series("env_steps").step
    every = {title: _column(run, name, steps, change) for title, (name, change) in COLUMNS.items()}
    columns = {title: one for title, one in every.items() if title == UNDEFINED or not np.isnan(one).all()}
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["time/iterations", "time/total_timesteps", *columns])
        for n, step in enumerate(steps):
            out.writerow([n + 1, int(step), *(_cell(title, one[n]) for title, one in columns.items())])


def _cell(title: str, value: float) -> str:
    return "" if np.isnan(value) and title != UNDEFINED else f"{value:.8g}"


def _column(run: Run, name: str, steps: np.ndarray, change: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Values at `steps`, NaN where nothing was recorded."""
    found = np.full(len(steps), np.nan)
    if name in run:
        series = run.series(name)
        found[np.searchsorted(steps, series.step)] = change(series.value)
    return found
