"""CleanRL (TensorBoard): losses of the last minibatch, every episode by itself."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ppo_doctor.adapters.format import Format, To
from ppo_doctor.adapters.table import Column, Table, joined
from ppo_doctor.adapters.windows import by_update
from ppo_doctor.run import Series

LAST = "CleanRL logs the last minibatch only"
EPISODES = {"charts/episodic_return", "charts/episodic_length"}


def prepare(tables: list[Table]) -> Table:
    """One table, with episodes averaged over the updates in which they ended."""
    table = joined(tables)
    clock = table.columns.get("losses/value_loss") or table.columns.get("charts/learning_rate")
    columns = dict(table.columns)
    if clock is None or not table.stepped:
        return table
    updates = np.unique(clock.row)
    for name in EPISODES & columns.keys():
        steps, mean, count = by_update(columns[name].row, columns[name].value, updates)
        columns[name] = Column(steps, mean, columns[name].stride)
        columns["episodes"] = Column(steps, count.astype(float))
    return table.with_columns(columns)


def derive(table: Table, series: Mapping[str, Series]) -> dict[str, Series | float | str]:
    """Rows of a rollout, from the steps between updates (environments are counted in)."""
    loss = series.get("v_loss")
    if loss is None or len(loss) < 3:
        return {}
    size = float(np.median(np.diff(loss.step)))
    return {"rollout_rows": size} if size > 0 else {}


FORMAT = Format(
    name="cleanrl",
    title="CleanRL (TensorBoard)",
    marks=("losses/old_approx_kl", "charts/episodic_return", "losses/clipfrac"),
    steps=("global_step",),
    columns={
        "charts/episodic_return": To("mean_ep_return"),
        "charts/episodic_length": To("mean_ep_length"),
        "episodes": To("n_episodes"),
        "charts/learning_rate": To("learning_rate"),
        "charts/SPS": To("steps_per_second", caveat="mean since the start"),
        "losses/value_loss": To("v_loss", caveat=LAST),
        "losses/policy_loss": To("pg_loss", caveat=LAST),
        "losses/entropy": To("entropy", caveat=LAST),
        "losses/old_approx_kl": To("kl_k1_last"),
        "losses/approx_kl": To("approx_kl_last"),
        "losses/clipfrac": To("clip_frac"),
        "losses/explained_variance": To("explained_variance"),
    },
    settings={
        "num_envs": "n_envs",
        "num_steps": "n_steps",
        "minibatch_size": "batch_size",
        "batch_size": "rollout_rows",
        "update_epochs": "n_epochs",
        "total_timesteps": "total_steps",
        "learning_rate": "learning_rate_start",
        "gamma": "gamma",
        "gae_lambda": "gae_lambda",
        "ent_coef": "ent_coef_start",
        "vf_coef": "vf_coef",
        "clip_coef": "clip_coef_start",
        "max_grad_norm": "max_grad_norm",
        "norm_adv": "normalize_advantage",
        "target_kl": "target_kl",
        "env_id": "system",
        "seed": "seed",
    },
    prepare=prepare,
    derive=derive,
    about="`value_loss`, `policy_loss` and `entropy` are those of the last minibatch, `approx_kl` (k3) and "
    "`old_approx_kl` (k1) too; `clipfrac` is the mean over all minibatches. Episodes are logged one by one: they "
    "are averaged over the update in which they ended. Settings come from the text summary of hyper-parameters.",
)
