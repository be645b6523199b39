"""Ray RLlib: progress.csv and result.json (Tune's loggers), old and new learner stack."""

from __future__ import annotations

from ppo_doctor.adapters.format import Format, To

WINDOW = "mean over RLlib's window of episodes (100 by default), so that it lags"
EXACT_KL = To("approx_kl_mean", caveat="RLlib logs the divergence of the two distributions, not the estimate k3")
VALUE = To("v_loss", scale=0.5, caveat="half of RLlib's vf_loss, whose squared errors are clipped at vf_clip_param")
EXPLAINED = To("explained_variance", caveat="of minibatches, while the critic is being fitted to them: too good")
LEARNER = {
    "entropy": To("entropy"),
    "vf_loss": VALUE,
    "vf_explained_var": EXPLAINED,
    "policy_loss": To("pg_loss"),
}
_OLD = LEARNER | {"kl": EXACT_KL, "cur_lr": To("learning_rate"), "entropy_coeff": To("ent_coef_value")}
_OLD |= {"cur_kl_coeff": To("kl_penalty_coef"), "grad_gnorm": To("grad_norm")}
_NEW = LEARNER | {"mean_kl_loss": EXACT_KL, "curr_kl_coeff": To("kl_penalty_coef")}
_NEW |= {"default_optimizer_learning_rate": To("learning_rate"), "curr_entropy_coeff": To("ent_coef_value")}
_NEW |= {"gradients_default_optimizer_global_norm": To("grad_norm")}
_OLD_PLACES = ("info/learner/default_policy/learner_stats/", "info/learner/default_policy/")

FORMAT = Format(
    name="rllib",
    title="Ray RLlib (progress.csv, result.json)",
    marks=("episode_reward_mean", "info/learner/*", "env_runners/*", "learners/*", "timesteps_total"),
    steps=(
        "num_env_steps_sampled_lifetime",
        "env_runners/num_env_steps_sampled_lifetime",
        "num_env_steps_sampled",
        "timesteps_total",
        "agent_timesteps_total",
    ),
    columns={
        "episode_reward_mean": To("mean_ep_return", caveat=WINDOW),
        "env_runners/episode_reward_mean": To("mean_ep_return", caveat=WINDOW),
        "env_runners/episode_return_mean": To("mean_ep_return", caveat=WINDOW),
        "episode_len_mean": To("mean_ep_length", caveat=WINDOW),
        "env_runners/episode_len_mean": To("mean_ep_length", caveat=WINDOW),
        "episodes_this_iter": To("n_episodes"),
        "env_runners/num_episodes": To("n_episodes"),
        "training_iteration": To("updates"),
        "evaluation/episode_reward_mean": To("eval_mean_return", caveat="explores unless explore=False is set"),
        "evaluation/env_runners/episode_return_mean": To("eval_mean_return", caveat="explores unless explore=False"),
        **{place + name: to for place in _OLD_PLACES for name, to in _OLD.items()},
        **{f"learners/default_policy/{name}": to for name, to in _NEW.items()},
    },
    ignored=(
        "config/*",
        "time*",
        "perf/*",
        "timers/*",
        "sampler_perf/*",
        "date",
        "done",
        "pid",
        "hostname",
        "node_ip",
        "trial_id",
        "experiment_*",
        "iterations_since_restore",
        "num_healthy_workers",
        "num_steps_*",
        "num_env_steps_*",
        "num_agent_steps_*",
        "episodes_total",
        "info/num_*",
        "info/*_time_ms",
    ),
    settings={
        "num_sgd_iter": "n_epochs",
        "num_epochs": "n_epochs",
        "sgd_minibatch_size": "batch_size",
        "minibatch_size": "batch_size",
        "train_batch_size": "rollout_rows",
        "train_batch_size_per_learner": "rollout_rows",
        "lr": "learning_rate_start",
        "gamma": "gamma",
        "lambda": "gae_lambda",
        "lambda_": "gae_lambda",
        "clip_param": "clip_coef_start",
        "entropy_coeff": "ent_coef_start",
        "grad_clip": "max_grad_norm",
        "env": "system",
        "seed": "seed",
    },
    about="`kl` is the divergence of the two distributions, not an estimate; `vf_loss` lacks 1/2 and its errors are "
    "clipped at `vf_clip_param`; `vf_explained_var` is taken on minibatches while the critic is fitted to them. "
    "Only the policy `default_policy` is read: others are listed as unmapped.",
)
