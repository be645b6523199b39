"""torch-ac and rl-starter-files (log.csv, TensorBoard)."""

from __future__ import annotations

from ppo_doctor.adapters.format import Format, To

KEPT = "episodes that ended since the point before, topped up with earlier ones"

FORMAT = Format(
    name="torch_ac",
    title="torch-ac / rl-starter-files (log.csv)",
    marks=("rreturn_mean", "num_frames_mean"),
    steps=("frames",),
    columns={
        "return_mean": To("mean_ep_return", caveat=KEPT),
        "rreturn_mean": To("mean_ep_return", caveat=f"after reward shaping; {KEPT}"),
        "num_frames_mean": To("mean_ep_length", caveat=KEPT),
        "update": To("updates"),
        "FPS": To("steps_per_second"),
        "entropy": To("entropy"),
        "value": To("value_mean", caveat="over the minibatches of the update"),
        "policy_loss": To("pg_loss"),
        "value_loss": To("v_loss", scale=0.5, caveat="half of torch-ac's loss, which is the clipped one"),
        "grad_norm": To("grad_norm"),
    },
    ignored=("duration", "*return_std", "*return_min", "*return_max", "num_frames_*"),
    settings={
        "procs": "n_envs",
        "frames_per_proc": "n_steps",
        "epochs": "n_epochs",
        "batch_size": "batch_size",
        "frames": "total_steps",
        "lr": "learning_rate_start",
        "discount": "gamma",
        "gae_lambda": "gae_lambda",
        "entropy_coef": "ent_coef_start",
        "value_loss_coef": "vf_coef",
        "clip_eps": "clip_coef_start",
        "max_grad_norm": "max_grad_norm",
        "env": "system",
        "seed": "seed",
    },
    about="Neither KL, clip share nor explained variance is logged. `value_loss` is clipped and lacks 1/2. The header "
    "is repeated in the file, which is harmless.",
)
