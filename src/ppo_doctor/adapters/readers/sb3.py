"""Stable-Baselines3: progress.csv, progress.json, TensorBoard, standard output, evaluations.npz; one set of names."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ppo_doctor.adapters.format import Format, To
from ppo_doctor.adapters.table import Table
from ppo_doctor.run import Series

WINDOW = "mean of the last 100 episodes of the training policy, so that it lags"
EVAL = "of SB3's EvalCallback, greedy unless deterministic=False; in its own environment, with its own normalisation"
_EPOCHS = "passes since the point before"


def derive(table: Table, series: Mapping[str, Series]) -> dict[str, Series | float | str]:
    """Rows of a rollout from the steps between updates, and passes from `n_updates`, which counts passes."""
    found: dict[str, Series | float | str] = {}
    updates = series.get("updates")
    if updates is not None and len(updates) > 2:
        one_apart = np.diff(updates.value) == 1
        sizes = np.diff(updates.step)[one_apart]
        if len(sizes) and (size := float(np.median(sizes))) > 0:
            found["rollout_rows"] = size
    passes = table.columns.get("train/n_updates")
    losses = series.get("entropy") or series.get("v_loss")
    if passes is not None and losses is not None and len(passes.value) == len(losses) > 2:
        run = np.diff(passes.value)
        if np.isfinite(run).all() and (run > 0).all() and (run <= 1000).all():
            found["epochs_run"] = Series("epochs_run", losses.step[1:], run, "train/n_updates", _EPOCHS)
    return found


FORMAT = Format(
    name="sb3",
    title="Stable-Baselines3 (progress.csv, progress.json, TensorBoard, standard output, evaluations.npz)",
    marks=(
        "train/entropy_loss",
        "train/policy_gradient_loss",
        "rollout/ep_rew_mean",
        "time/total_timesteps",
        "eval/mean_reward",
        "results",
    ),
    steps=("time/total_timesteps",),
    columns={
        "rollout/ep_rew_mean": To("mean_ep_return", caveat=WINDOW),
        "rollout/ep_len_mean": To("mean_ep_length", caveat=WINDOW),
        "train/approx_kl": To("approx_kl_last", caveat="SB3's approx_kl: k3, mean over the last pass, not all of them"),
        "train/clip_fraction": To("clip_frac"),
        "train/clip_range": To("clip_coef_value"),
        "train/entropy_loss": To("entropy", scale=-1.0),
        "train/explained_variance": To("explained_variance"),
        "train/learning_rate": To("learning_rate"),
        "train/policy_gradient_loss": To("pg_loss"),
        "train/value_loss": To(
            "v_loss",
            scale=0.5,
            caveat="half of SB3's value_loss, which is in units of the reward that a VecNormalize gives",
        ),
        "train/std": To("log_std_mean", caveat="logarithm of SB3's mean standard deviation", change=np.log),
        "time/iterations": To("updates"),
        "time/fps": To("steps_per_second", caveat="mean since the start"),
        "eval/mean_reward": To("eval_mean_return", caveat=EVAL),
        "eval/success_rate": To("eval_metric/success_rate", caveat=EVAL),
        "eval/mean_ep_length": To("eval_metric/ep_length", caveat=EVAL),
        "results": To("eval_mean_return", caveat=EVAL),
        "ep_lengths": To("eval_metric/ep_length", caveat=EVAL),
        "successes": To("eval_metric/success_rate", caveat=EVAL),
    },
    ignored=("time/*", "train/n_updates", "train/loss"),
    settings={
        "n_envs": "n_envs",
        "n_steps": "n_steps",
        "batch_size": "batch_size",
        "n_epochs": "n_epochs",
        "n_timesteps": "total_steps",
        "total_timesteps": "total_steps",
        "_total_timesteps": "total_steps",
        "gamma": "gamma",
        "gae_lambda": "gae_lambda",
        "ent_coef": "ent_coef_start",
        "vf_coef": "vf_coef",
        "max_grad_norm": "max_grad_norm",
        "learning_rate": "learning_rate_start",
        "clip_range": "clip_coef_start",
        "target_kl": "target_kl",
        "normalize_advantage": "normalize_advantage",
        "seed": "seed",
        "n_actions": "n_actions",
        "normalize_obs": "normalize_obs",
        "normalize_reward": "normalize_reward",
        "env_id": "system",
        "env_name": "system",
    },
    derive=derive,
    about="`entropy_loss` is minus the entropy; `approx_kl` is the mean of k3 over the last pass only; `value_loss` "
    "lacks the factor 1/2; `ep_rew_mean` is the mean of the last 100 episodes, in raw rewards below a "
    "VecNormalize; `n_updates` counts passes over the rollout; `loss` is the last minibatch's and says nothing.",
)
