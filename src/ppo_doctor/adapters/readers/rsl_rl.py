"""rsl_rl (TensorBoard), the PPO of Isaac Gym and Isaac Lab. Its steps are iterations."""

from __future__ import annotations

import numpy as np

from ppo_doctor.adapters.format import Format, To
from ppo_doctor.adapters.table import Column, Table, joined

WINDOW = "mean of the last 100 episodes, so that it lags"


def prepare(tables: list[Table]) -> Table:
    """One table whose steps are environment steps, where speed and time of an iteration tell how many it has."""
    table = joined(tables)
    fps, *clocks = (table.columns.get(f"Perf/{name}") for name in ("total_fps", "collection time", "learning_time"))
    clocks[0] = clocks[0] or table.columns.get("Perf/collection_time")
    if fps is None or clocks[0] is None or clocks[1] is None:
        note = f"{table.path.name}: steps are iterations: speed and times, which would tell their size, are not logged"
        return Table(table.path, table.container, table.columns, True, table.words, (*table.notes, note))
    count = min(len(fps.value), *(len(clock.value) for clock in clocks if clock is not None))
    sizes = fps.value[:count] * sum(clock.value[:count] for clock in clocks if clock is not None)
    sizes = sizes[np.isfinite(sizes) & (sizes > 0) & (sizes < 1e12)]
    size = round(float(np.median(sizes))) if len(sizes) else 1
    columns = {
        name: Column((np.clip(one.row, -1, 10**6) + 1) * size, one.value, one.stride)
        for name, one in table.columns.items()
    }
    return table.with_columns(columns)


FORMAT = Format(
    name="rsl_rl",
    title="rsl_rl (TensorBoard)",
    marks=("Loss/surrogate", "Policy/mean_noise_std", "Train/mean_episode_length", "Loss/value_function"),
    columns={
        "Train/mean_reward": To("mean_ep_return", caveat=WINDOW),
        "Train/mean_episode_length": To("mean_ep_length", caveat=WINDOW),
        "Loss/value_function": To("v_loss", scale=0.5, caveat="half of rsl_rl's; clipped if use_clipped_value_loss"),
        "Loss/value": To("v_loss", scale=0.5, caveat="half of rsl_rl's; clipped if use_clipped_value_loss"),
        "Loss/surrogate": To("pg_loss"),
        "Loss/entropy": To("entropy"),
        "Loss/learning_rate": To("learning_rate", caveat="adapted to the KL if schedule=adaptive"),
        "Policy/mean_noise_std": To("log_std_mean", caveat="logarithm of the mean standard deviation", change=np.log),
        "Policy/mean_std": To("log_std_mean", caveat="logarithm of the mean standard deviation", change=np.log),
        "Perf/total_fps": To("steps_per_second"),
        "Episode/rew_*": To("reward_term/<name>", caveat="sum over an episode per second of its longest length"),
        "Episode_Reward/*": To("reward_term/<name>", caveat="sum over an episode per second of its longest length"),
    },
    ignored=("Perf/*", "Train/*/time"),
    settings={
        "num_steps_per_env": "n_steps",
        "num_envs": "n_envs",
        "num_learning_epochs": "n_epochs",
        "gamma": "gamma",
        "lam": "gae_lambda",
        "clip_param": "clip_coef_start",
        "entropy_coef": "ent_coef_start",
        "value_loss_coef": "vf_coef",
        "max_grad_norm": "max_grad_norm",
        "desired_kl": "target_kl",
        "learning_rate": "learning_rate_start",
        "seed": "seed",
    },
    prepare=prepare,
    about="Steps are iterations; environment steps are restored from the logged speed and times. No KL, clip share or "
    "explained variance is logged: what rests on them is not checked. `value_function` lacks 1/2.",
)
