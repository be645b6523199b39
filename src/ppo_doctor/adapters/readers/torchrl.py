"""TorchRL's PPO examples (CSVLogger, TensorBoard): the names of their `log_info`."""

from __future__ import annotations

from ppo_doctor.adapters.format import Format, To

FORMAT = Format(
    name="torchrl",
    title="TorchRL's PPO examples (CSVLogger's scalars/, TensorBoard)",
    marks=("train/loss_objective", "train/loss_critic", "train/ESS"),
    columns={
        "train/reward": To("mean_ep_return", caveat="mean of the episodes that ended in the batch"),
        "train/episode_length": To("mean_ep_length", caveat="mean of the episodes that ended in the batch"),
        "train/loss_objective": To("pg_loss"),
        "train/lr": To("learning_rate"),
        "train/clip_epsilon": To("clip_coef_value"),
        "train/clip_fraction": To("clip_frac"),
        "train/kl_approx": To("approx_kl_mean", caveat="k1, the mean of minus log r, which may be negative"),
        "train/entropy": To("entropy"),
        "eval/reward": To("eval_mean_return", caveat="mode or mean of the policy, as the script evaluates"),
    },
    ignored=("train/loss_entropy", "train/loss_critic", "train/ESS", "*_time", "time/*"),
    about="`loss_entropy` is minus the coefficient times the entropy and `loss_critic` is weighted and may be a smooth "
    "L1: neither is read. Everything else of a script of yours goes through a mapping file.",
)
