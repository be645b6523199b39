"""A run as a user of Stable-Baselines3 has it: the columns of its progress.csv and no more, read by our reader."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import numpy as np

from ppo_doctor.adapters import logs
from ppo_doctor.run import Run

COLUMNS = {
    "rollout/ep_rew_mean": ("mean_ep_return", 1.0),
    "rollout/ep_len_mean": ("mean_ep_length", 1.0),
    "train/approx_kl": ("approx_kl_last", 1.0),
    "train/clip_fraction": ("clip_frac", 1.0),
    "train/clip_range": ("clip_coef_value", 1.0),
    "train/entropy_loss": ("entropy", -1.0),
    "train/explained_variance": ("explained_variance", 1.0),
    "train/learning_rate": ("learning_rate", 1.0),
    "train/policy_gradient_loss": ("pg_loss", 1.0),
    "train/value_loss": ("v_loss", 2.0),
}
"""SB3's column -> our signal and the factor between them. Returns are of one rollout, SB3's of 100 episodes."""

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
    every = {title: _column(run, name, steps, factor) for title, (name, factor) in COLUMNS.items()}
    every |= {title: _column(run, name, steps, 1.0) for title, name in _extra(run).items()}
    columns = {title: one for title, one in every.items() if title == UNDEFINED or not np.isnan(one).all()}
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["time/iterations", "time/total_timesteps", *columns])
        for n, step in enumerate(steps):
            out.writerow([n + 1, int(step), *(_cell(title, one[n]) for title, one in columns.items())])


def _cell(title: str, value: float) -> str:
    return "" if np.isnan(value) and title != UNDEFINED else f"{value:.8g}"


def _extra(run: Run) -> dict[str, str]:
    return {"train/std": "log_std_mean"} if "log_std_mean" in run else {}


def _column(run: Run, name: str, steps: np.ndarray, factor: float) -> np.ndarray:
    """Values at `steps`, NaN where nothing was recorded."""
    found = np.full(len(steps), np.nan)
    if name in run:
        series = run.series(name)
        values = np.exp(series.value) if name == "log_std_mean" else series.value * factor
        found[np.searchsorted(steps, series.step)] = values
    return found
