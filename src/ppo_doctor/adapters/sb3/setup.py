"""What is known of a run before its first step: hyper-parameters and the environment's name, in our vocabulary."""

from __future__ import annotations

import re
from typing import Any

from gymnasium import spaces
from stable_baselines3.common.vec_env import DummyVecEnv, VecNormalize


def config(model: Any, total_steps: int) -> dict[str, Any]:
    """Hyper-parameters of a PPO or MaskablePPO model that will train until `total_steps`."""
    normalise = model.get_vec_normalize_env()
    found: dict[str, Any] = {
        "total_steps": total_steps,
        **{name: getattr(model, name) for name in ("n_envs", "n_steps", "batch_size", "n_epochs", "gamma")},
        **{name: getattr(model, name) for name in ("gae_lambda", "ent_coef", "vf_coef", "max_grad_norm")},
        "learning_rate": _schedule(model.lr_schedule),
        "clip_coef": _schedule(model.clip_range),
        "normalize_advantage": float(model.normalize_advantage),
        "normalize_obs": float(normalise is not None and normalise.norm_obs),
        "normalize_reward": float(normalise is not None and normalise.norm_reward),
        "adam_eps": model.policy.optimizer.param_groups[0].get("eps"),
        "masked": float(hasattr(model.rollout_buffer, "action_masks")),
        "episode_limit": getattr(_spec(model), "max_episode_steps", None),
        "policy_target": "gae",
        "critic_target": "gae",
    }
    if model.target_kl is not None:
        found |= {"target_kl": model.target_kl, "target_kl_factor": 1.5, "target_kl_mode": "stop"}
    if isinstance(model.action_space, spaces.Discrete):
        found["n_actions"] = int(model.action_space.n)
    if isinstance(model.action_space, spaces.Box) and not model.use_sde:
        found["network_log_std"] = float(model.policy.log_std_init)
        found["network_squash"] = "tanh" if model.policy.squash_output else "clip"
    return {name: value for name, value in found.items() if value is not None}


def _schedule(schedule: Any) -> dict[str, Any]:
    start, end = float(schedule(1.0)), float(schedule(0.0))
    return {"kind": "constant" if start == end else "schedule", "start": start, "end": end}


def _spec(model: Any) -> Any:
    """How the first environment is registered; None if it is not."""
    base = model.get_env().unwrapped
    return base.envs[0].spec if isinstance(base, DummyVecEnv) else base.get_attr("spec", 0)[0]


def system(model: Any) -> str:
    """The environment's name, fit for a directory."""
    base, name = model.get_env().unwrapped, getattr(_spec(model), "id", None)
    if name is None and isinstance(base, DummyVecEnv):
        name = type(base.envs[0].unwrapped).__name__
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", name or "environment").strip("-.") or "environment"


def original_reward(model: Any) -> Any:
    """What gives the last rewards before normalisation; None where rewards are not normalised."""
    normalise: VecNormalize | None = model.get_vec_normalize_env()
    return normalise.get_original_reward if normalise is not None and normalise.norm_reward else None
