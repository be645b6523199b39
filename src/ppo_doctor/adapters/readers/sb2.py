"""Stable-Baselines 2 and OpenAI Baselines PPO2 (progress.csv, standard output)."""

from __future__ import annotations

from ppo_doctor.adapters.format import Format, To

WINDOW = "mean of the last 100 episodes, so that it lags"
SQUARED = To("approx_kl_mean", caveat="k2 = E[(log r)^2] / 2, always positive: near k3 for small steps")

FORMAT = Format(
    name="sb2",
    title="Stable-Baselines 2, OpenAI Baselines PPO2 (progress.csv, standard output)",
    marks=("serial_timesteps", "approxkl", "policy_entropy", "loss/approxkl"),
    steps=("total_timesteps", "misc/total_timesteps"),
    columns={
        "approxkl": SQUARED,
        "loss/approxkl": SQUARED,
        "clipfrac": To("clip_frac"),
        "loss/clipfrac": To("clip_frac"),
        "ep_len_mean": To("mean_ep_length", caveat=WINDOW),
        "eplenmean": To("mean_ep_length", caveat=WINDOW),
        "ep_reward_mean": To("mean_ep_return", caveat=WINDOW),
        "eprewmean": To("mean_ep_return", caveat=WINDOW),
        "explained_variance": To("explained_variance"),
        "misc/explained_variance": To("explained_variance"),
        "policy_entropy": To("entropy"),
        "loss/policy_entropy": To("entropy"),
        "policy_loss": To("pg_loss"),
        "loss/policy_loss": To("pg_loss"),
        "value_loss": To("v_loss", caveat="the clipped loss"),
        "loss/value_loss": To("v_loss", caveat="the clipped loss"),
        "n_updates": To("updates"),
        "misc/nupdates": To("updates"),
        "fps": To("steps_per_second"),
        "misc/fps": To("steps_per_second"),
    },
    ignored=("serial_timesteps", "misc/serial_timesteps", "time_elapsed", "misc/time_elapsed"),
    about="`approxkl` is k2, half the mean squared difference of log-probabilities; `value_loss` is clipped and has the"
    " 1/2.",
)
