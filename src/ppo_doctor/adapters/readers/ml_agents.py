"""Unity ML-Agents (TensorBoard)."""

from __future__ import annotations

from ppo_doctor.adapters.format import Format, To

WINDOW = "mean of the episodes since the summary before"

FORMAT = Format(
    name="ml_agents",
    title="Unity ML-Agents (TensorBoard)",
    marks=("Environment/Cumulative Reward", "Policy/Beta", "Losses/Value Loss"),
    columns={
        "Environment/Cumulative Reward": To("mean_ep_return", caveat=WINDOW),
        "Environment/Episode Length": To("mean_ep_length", caveat=WINDOW),
        "Policy/Entropy": To("entropy", caveat="mean over the summary's period"),
        "Policy/Learning Rate": To("learning_rate"),
        "Policy/Epsilon": To("clip_coef_value"),
        "Policy/Beta": To("ent_coef_value"),
        "Policy/Extrinsic Value Estimate": To("value_mean", caveat="mean while collecting"),
        "Losses/Value Loss": To("v_loss", scale=0.5, caveat="half of ML-Agents' loss, which is the clipped one"),
    },
    ignored=("Environment/Lesson*", "Is Training", "Policy/Extrinsic Reward", "*_hist"),
    settings={
        "batch_size": "batch_size",
        "buffer_size": "rollout_rows",
        "learning_rate": "learning_rate_start",
        "beta": "ent_coef_start",
        "epsilon": "clip_coef_start",
        "lambd": "gae_lambda",
        "num_epoch": "n_epochs",
        "gamma": "gamma",
        "max_steps": "total_steps",
        "time_horizon": "n_steps",
        "normalize": "normalize_obs",
        "seed": "seed",
    },
    about="Steps are decisions of all agents. Neither KL, clip share nor explained variance is logged. `Policy Loss` is"
    " an absolute value and is not read; `Value Loss` is clipped and lacks 1/2.",
)
