"""The rows of the vocabulary, grouped by domain: name -> (unit, meaning) or (unit, meaning, {exceptions to the group}).

Read it through `ppo_doctor.signals`. A producer that cannot follow a definition says so in the series' caveat.
"""

from __future__ import annotations

from typing import Any

from ppo_doctor.signal_probes import PROBE_DATA, PROBE_ENV
from ppo_doctor.signal_sources import sourced
from ppo_doctor.signal_trials import TRIALS

_UPDATE = {
    "kind": "series",
    "measured": "inside the compiled update",
    "reduction": "mean over all gradient steps taken in the update",
    "source": "trainer",
}
_ROLLOUT = _UPDATE | {"measured": "on the rollout, before the first gradient step", "reduction": "over all its rows"}
_AFTER = _UPDATE | {
    "measured": "every probe_every updates, after the last gradient step, on up to 128 rows of the rollout",
    "reduction": "mean over those rows",
}
_EVAL = {
    "kind": "series",
    "measured": "on updates that evaluate, on the fixed validation seeds",
    "reduction": "mean over episodes",
    "source": "evaluation",
}
_SCALAR = {"kind": "scalar", "measured": "before training", "reduction": "none", "source": "run configuration"}
_TEXT = _SCALAR | {"kind": "text"}
_PROBE = {"kind": "scalar", "reduction": "over the rows or states looked at", "source": "a probe"}
_NO_EPISODE = {"undefined": "no episode ended in the rollout"}
_CONSTANT = {"undefined": "the returns of the rollout were constant"}
_FORCED = {"undefined": "no state had two legal actions"}
_INSIDE = {"undefined": "no ratio left the clip range on that side"}
_NO_GRADIENT = {"undefined": "a half's gradient was zero"}

_PROGRESS = {
    "env_steps": ("steps", "environment steps so far, all environments together, agents not counted"),
    "updates": ("1", "rollouts finished"),
    "optimiser_steps": ("1", "optimiser steps taken so far, as the optimiser itself remembers them"),
    "gradient_steps": ("1", "optimiser steps taken so far (not epochs: minibatches make the difference)"),
    "epochs_run": ("1", "passes over the rollout before the end or the KL stop"),
    "early_stopped": ("0/1", "1 if the KL stop ended the update"),
    "steps_per_second": ("steps/s", "environment steps per wall-clock second; excluded from bit-equality"),
    "learning_rate": ("1", "the actor's learning rate in force"),
    "clip_coef_value": ("1", "clip range of r in force"),
    "ent_coef_value": ("1/nat", "entropy coefficient in force, entropy floor included"),
    "temperature": ("1", "sampling temperature in force; it divides the logits"),
    "kl_penalty_coef": ("1/nat", "coefficient of the KL penalty (target_kl_mode = penalty)"),
    "pulse_active": ("0/1", "1 while a temperature pulse runs"),
    "curriculum_progress": ("share", "how far the curriculum has moved"),
}
_EPISODES = {
    "mean_ep_return": ("return", "undiscounted return of the episodes that ended in the rollout", _NO_EPISODE),
    "mean_ep_length": ("steps", "length of the episodes that ended in the rollout", _NO_EPISODE),
    "n_episodes": ("1", "episodes that ended in the rollout"),
    "noop_frac": ("share", "steps on which the no-op was taken, forced ones included"),
    "avoidable_noop_frac": (
        "share",
        "no-ops taken although a real action was legal / steps with a legal real action",
        _FORCED,
    ),
    "invalid_frac": ("share", "actions taken that the mask forbids; 0 by construction under a hard mask"),
    "forced_frac": ("share", "decisions with exactly one legal action"),
    "reward_mean": ("reward", "mean reward per step as the learner sees it, before any normalisation"),
    "reward_std": ("reward", "standard deviation of the reward"),
    "reward_min": ("reward", "smallest reward"),
    "reward_max": ("reward", "largest reward"),
    "terminated_frac": ("share", "steps that ended the task (no bootstrap)"),
    "truncated_frac": ("share", "steps cut by a time limit (bootstrapped)"),
    "mean_segment_length": ("steps", "length of the uninterrupted pieces the rollout is made of"),
}
_KL = "Schulman 2020, Approximating KL Divergence"
_LOSS = {
    "pg_loss": ("1", "-E[min(r A, clip(r, 1 - c, 1 + c) A)]; 0 by construction at r = 1 with standardised A"),
    "v_loss": ("return^2", "half the mean squared error, E[(V - R)^2] / 2, unclipped"),
    "entropy": ("nats", "H(pi) over legal actions, raw: never clamped (Gaussian: differential, may be negative)"),
    "entropy_frac": (
        "share",
        "H(pi) / log(number of legal actions); states with one legal action are left out",
        {
            "measured": "every probe_every updates, before the first gradient step, on up to 128 rows",
            "reduction": "mean over those rows",
        }
        | _FORCED,
    ),
    "approx_kl_last": (
        "nats",
        "k3 = E[(r - 1) - log r] of the last minibatch",
        {"reference": _KL, "reduction": "last"},
    ),
    "approx_kl_mean": ("nats", "k3 = E[(r - 1) - log r]", {"reference": _KL}),
    "approx_kl_max": ("nats", "k3, the largest minibatch", {"reference": _KL, "reduction": "max over gradient steps"}),
    "kl_k1_last": ("nats", "k1 = E[-log r] of the last minibatch", {"reference": _KL, "reduction": "last"}),
    "kl_k1_mean": ("nats", "k1 = E[-log r]; persistently negative means a bug", {"reference": _KL}),
    "kl_k1_max": ("nats", "k1, the largest minibatch", {"reference": _KL, "reduction": "max over gradient steps"}),
    "clip_frac": ("share", "rows with |r - 1| > clip range"),
    "ratio_excess_high": ("1", "E[r | r > 1 + clip range]", {"reference": "Moalla et al. 2024"} | _INSIDE),
    "ratio_excess_low": ("1", "E[r | r < 1 - clip range]", {"reference": "Moalla et al. 2024"} | _INSIDE),
    "first_ratio_error": (
        "1",
        "max |r - 1| on the first minibatch, before any gradient step: float error, or a bug",
        {"reduction": "max over the first minibatch", "reference": "Huang et al. 2022, detail 13"},
    ),
}
_SAMPLING = {
    "sampling_gap": (
        "sd",
        "sum(-log pi(a|s) - H(pi(.|s))) over the actions taken / its standard error: N(0, 1) if a was drawn from pi",
        {
            "measured": "before the first gradient step, on up to 256 rows",
            "reduction": "none",
            "undefined": "the policy left no choice",
        },
    ),
}
_CRITIC = {
    "explained_variance": ("1", "1 - Var(R - V) / Var(R); blind to bias: any constant V scores 0", _CONSTANT),
    "r2": ("1", "1 - E[(R - V)^2] / Var(R); sees bias", _CONSTANT),
    "value_bias": ("return", "E[V - R]"),
    "value_mean": ("return", "E[V]"),
    "return_mean": ("return", "mean of the critic's targets"),
    "return_std": ("return", "standard deviation of the critic's targets"),
    "advantage_mean": ("return", "mean advantage before standardisation"),
    "advantage_std": ("return", "standard deviation of the advantage before standardisation"),
    "advantage_min": ("return", "smallest advantage before standardisation"),
    "advantage_max": ("return", "largest advantage before standardisation"),
}
_POLICY = {
    "mutual_information": ("nats", "I(S; A) = H(E_s pi) - E_s H(pi): how much the action depends on the state"),
    "policy_churn": (
        "share",
        "states whose greedy action changed in the update",
        {"reference": "Schaul et al. 2022"} | _FORCED,
    ),
    "action_share_sampled/<k>": ("share", "decisions on which action k < 8 was taken while collecting"),
    "action_share_greedy/<k>": ("share", "states whose greedy action is k < 8"),
    "action_share_sampled_max": ("share", "largest share of any action among those taken while collecting"),
    "action_share_greedy_max": ("share", "largest share of any action among the greedy ones"),
    "log_std_mean": ("log action units", "mean log standard deviation of Gaussian actions"),
}
_OPTIM = {
    "grad_norm": ("1", "global gradient norm before the clip"),
    "grad_norm_clipped": ("1", "global gradient norm after the clip"),
    "grad_norm_policy": ("1", "gradient norm of the surrogate term alone"),
    "grad_norm_value": ("1", "gradient norm of vf_coef * v_loss alone"),
    "grad_norm_entropy": ("1", "gradient norm of ent_coef * entropy alone"),
    "half_batch_cosine": (
        "1",
        "cosine between the policy gradients of two halves of a batch: 0 is noise",
        _NO_GRADIENT,
    ),
    "update_ratio": ("1", "|change of the parameters| / |parameters| over the update"),
    "grad_clipped_frac": ("share", "gradient steps on which the norm clip was active"),
}
_NETWORK = {
    "dormant_frac": (
        "share",
        "actor's last hidden units with E|h_i| <= 0.025 mean_k E|h_k|",
        {"reference": "Sokar 2023"},
    ),
    "effective_rank": (
        "1",
        "(sum e)^2 / sum e^2 of the eigenvalues e of the covariance of the actor's last hidden layer; 0 if none varies",
        {"reference": "Roy & Vetterli 2007, order 2"},
    ),
}
_NUMERICS = {
    "nonfinite_count": ("1", "NaN or infinite entries in rollout, losses and gradients", {"reduction": "sum"}),
    "nonfinite/<name>": (
        "1",
        "the same by tensor: obs, reward, log_prob, value, advantage, gradient, loss, weights, statistics",
        {"reduction": "sum"},
    ),
    "refused": ("0/1", "1 if the update was refused because of them", {"reduction": "max"}),
}
_REWARD = {
    "reward_term/<name>": ("reward", "mean per step of one weighted addend of the reward"),
    "reward_term_share/<name>": (
        "share",
        "Cov(A of the term alone, A) / Var(A); with the critic's, shares add to 1; only with two or more terms",
        _CONSTANT,
    ),
}
_EVALUATION = {
    "eval_mean_return": ("return", "greedy policy: return"),
    "eval_min_block_return": ("return", "greedy policy: return of the worst block", {"reduction": "min over blocks"}),
    "eval_max_block_return": ("return", "greedy policy: return of the best block", {"reduction": "max over blocks"}),
    "eval_block<k>_return": ("return", "greedy policy: return on block k", {"reduction": "mean over the block"}),
    "eval_sampled_mean_return": ("return", "policy sampled as in training: return"),
    "eval_noop_frac": ("share", "greedy policy: no-ops, forced ones included", {"reduction": "over steps"}),
    "eval_avoidable_noop_frac": ("share", "greedy policy: avoidable no-ops / steps with a legal real action", _FORCED),
    "eval_invalid_frac": ("share", "greedy policy: actions that the mask forbids", {"reduction": "over steps"}),
    "eval_metric/<name>": ("as the metric", "greedy policy: an episode's metric"),
    "expected_metric/<name>": (
        "as the metric",
        "what a plan or a report expects of eval_metric/<name> by that step",
        {"measured": "before training, or in the report", "reduction": "none", "source": "whoever wrote the plan"},
    ),
}
_CONFIG = {
    "total_steps": ("steps", "planned environment steps of the whole run"),
    "n_envs": ("1", "environments stepped side by side"),
    "n_steps": ("steps", "steps of each environment per rollout"),
    "episode_limit": ("steps", "most steps of an episode, as its maker declares; absent where none is declared"),
    "batch_size": ("rows", "rows per gradient step"),
    "n_epochs": ("1", "passes over a rollout, at most"),
    "grad_chunks": ("1", "gradient-accumulation chunks of a minibatch"),
    "learning_rate_start": ("1", "learning rate at the start"),
    "learning_rate_end": ("1", "learning rate at the end"),
    "critic_learning_rate": ("1", "critic's learning rate as a multiple of the actor's"),
    "adam_eps": ("1", "Adam's epsilon"),
    "clip_coef_start": ("1", "clip range of r at the start"),
    "clip_coef_end": ("1", "clip range of r at the end"),
    "clip_range_vf": ("sd of targets", "value clip around the old prediction; absent when off"),
    "ent_coef_start": ("1/nat", "entropy coefficient at the start"),
    "ent_coef_end": ("1/nat", "entropy coefficient at the end"),
    "entropy_floor": ("share", "entropy fraction held by an adaptive coefficient; absent when off"),
    "entropy_jump_clip": ("nats", "clamp of the entropy change inside the bonus; absent when off"),
    "vf_coef": ("1", "weight of the value loss"),
    "max_grad_norm": ("1", "global gradient-norm clip"),
    "gamma": ("1", "discount factor per step"),
    "gae_lambda": ("1", "lambda of GAE and of the lambda-return"),
    "normalize_advantage": ("0/1", "advantages standardised per minibatch"),
    "normalize_obs": ("0/1", "observations standardised by running statistics"),
    "normalize_reward": ("0/1", "rewards divided by the running sd of the discounted return"),
    "normalize_targets": ("0/1", "PopArt on the critic's targets"),
    "target_kl": ("nats", "trust region on k3; absent when off"),
    "target_kl_factor": ("1", "stop when k3 exceeds this multiple of target_kl"),
    "temperature_start": ("1", "sampling temperature at the start"),
    "temperature_end": ("1", "sampling temperature at the end"),
    "pulse_temperature": ("1", "temperature during a pulse; absent when off"),
    "pulse_updates": ("updates", "length of a temperature pulse"),
    "stagnation_window": ("evaluations", "evaluations without improvement that count as stagnation"),
    "stagnation_threshold": ("share", "improvement that counts, as a share of the evaluations' spread"),
    "signals": ("0/1", "diagnostic signals are computed"),
    "probe_every": ("updates", "updates between measurements of the signals that need extra passes"),
    "network_init_scale": ("1", "multiple of the usual initial weights"),
    "network_log_std": ("log action units", "initial log standard deviation of Gaussian actions"),
    "seed": ("1", "seed of the run"),
    "rollout_rows": ("rows", "rows of one rollout: n_envs * n_steps * agents"),
    "n_agents": ("1", "agents that act in each environment"),
    "n_actions": ("1", "discrete actions an agent chooses from; absent for continuous actions"),
    "masked": ("0/1", "1 if the policy samples under a hard action mask"),
    "privacy_epsilon_claimed": ("1", "epsilon that is promised for everything released in the run"),
    "privacy_delta": ("1", "delta that goes with it"),
    "privacy_noise_multiplier": ("1", "sd of the Gaussian noise on an observation / its L2 sensitivity after clipping"),
    "privacy_releases": ("1", "noised observations that are released about the same data"),
}
_REFERENCE = {
    "random_return": ("return", "return of uniformly random legal actions on the validation seeds"),
    "random_return_std": ("return", "standard deviation of that return between episodes"),
    "best_baseline_return": ("return", "return of the best non-learning policy on the validation seeds"),
}
_CONFIG_TEXT = {
    "system": ("name", "environment or system trained on"),
    "policy_target": ("name", "estimator behind the advantage"),
    "critic_target": ("name", "estimator of the critic's targets"),
    "target_kl_mode": ("name", "stop or penalty"),
    "network_kind": ("name", "mlp, scorer or attention"),
    "network_activation": ("name", "activation of the hidden layers"),
    "network_squash": ("name", "how Gaussian actions meet their bounds"),
}

GROUPS: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("progress", _UPDATE | {"measured": "at the end of the update", "reduction": "none"}, _PROGRESS),
    ("episodes", _ROLLOUT, _EPISODES),
    ("loss", _UPDATE, _LOSS),
    ("policy", _UPDATE, _SAMPLING),
    ("critic", _ROLLOUT, _CRITIC),
    ("policy", _AFTER, _POLICY),
    ("optim", _UPDATE, _OPTIM),
    ("network", _AFTER, _NETWORK),
    ("numerics", _UPDATE, _NUMERICS),
    ("reward", _ROLLOUT, _REWARD),
    ("eval", _EVAL, _EVALUATION),
    ("config", _SCALAR, _CONFIG),
    ("reference", _SCALAR | {"source": "evaluation of baselines"}, _REFERENCE),
    ("config", _TEXT, _CONFIG_TEXT),
    ("probe", _PROBE | {"measured": "by a probe, from a live rollout and its update"}, sourced(PROBE_DATA)),
    (
        "probe",
        _PROBE | {"measured": "by a probe, on the environment alone unless it says otherwise"},
        sourced(PROBE_ENV),
    ),
    ("trial", {"kind": "scalar", "measured": "by a trial", "reduction": "over seeds", "source": "trial"}, TRIALS),
)
"""(domain, fields every signal of the group shares, the group)."""
