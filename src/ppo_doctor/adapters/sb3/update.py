"""What an update did: SB3's own log, translated, and how far each parameter went."""

from __future__ import annotations

import math
from typing import Any

import torch

from ppo_doctor.adapters.sb3.buffer import Signals

CAVEATS = {
    "approx_kl_mean": "SB3: mean over the minibatches of the last epoch, not of the whole update",
    "v_loss": "half of SB3's value_loss; of the clipped error if clip_range_vf is set",
    "clip_frac": "SB3: minibatches before the KL stop, the one that stopped included",
    "first_ratio_error": "on up to 256 rows of the rollout instead of the first minibatch",
    "grad_norm": "on up to 256 rows before the first gradient step",
    "grad_norm_clipped": "on up to 256 rows before the first gradient step",
    "grad_clipped_frac": "0 or 1: one gradient, on up to 256 rows before the first gradient step",
    "grad_norm_policy": "on up to 256 rows before the first gradient step",
    "grad_norm_value": "on up to 256 rows before the first gradient step; SB3's value loss lacks the half",
    "grad_norm_entropy": "on up to 256 rows before the first gradient step",
    "half_batch_cosine": "on up to 256 rows before the first gradient step",
    "return_mean": "of the rewards as normalised, where VecNormalize normalises them",
    "return_std": "of the rewards as normalised, where VecNormalize normalises them",
    "value_bias": "of the rewards as normalised, where VecNormalize normalises them",
}
"""How the recorded signals depart from the vocabulary; the store hands them to every reader of the run."""

_TRANSLATED = {
    "train/policy_gradient_loss": ("pg_loss", 1.0),
    "train/value_loss": ("v_loss", 0.5),
    "train/entropy_loss": ("entropy", -1.0),
    "train/approx_kl": ("approx_kl_mean", 1.0),
    "train/clip_fraction": ("clip_frac", 1.0),
    "train/clip_range": ("clip_coef_value", 1.0),
}


class Parameters:
    """The policy's trainable parameters from update to update."""

    def __init__(self, policy: Any, optimiser: torch.optim.Optimizer) -> None:
        self._policy, self._optimiser = policy, optimiser
        held = {id(weight) for group in optimiser.param_groups for weight in group["params"]}
        named = {name: weight for name, weight in policy.named_parameters() if weight.requires_grad}
        self._missing = {name for name, weight in named.items() if id(weight) not in held}
        self._still = set(named)
        self._before: dict[str, torch.Tensor] = {}

    def remember(self) -> None:
        """Keep the parameters as they are before the gradient steps."""
        self._before = {
            name: weight.detach().clone() for name, weight in self._policy.named_parameters() if weight.requires_grad
        }

    def moved(self) -> Signals:
        """The way since `remember`, relative to the size; empty without it. NaN counts as moved: NUM101 sees it."""
        if not self._before:
            return {}
        now = {name: weight.detach() for name, weight in self._policy.named_parameters() if name in self._before}
        ways = {name: float((now[name] - old).norm()) for name, old in self._before.items()}
        size = math.sqrt(sum(float(old.norm()) ** 2 for old in self._before.values()))
        self._still -= {name for name, way in ways.items() if way != 0.0}
        self._before = {}
        bad = sum(int((~torch.isfinite(weight)).sum()) for weight in now.values())
        total = math.sqrt(sum(way**2 for way in ways.values()))
        return {"update_ratio": total / size if size else math.nan, "nonfinite/weights": bad}

    def missing(self) -> float | None:
        """Share of parameters that no update has moved, or that the optimiser lacks; None before anything moved."""
        sizes = {name: weight.numel() for name, weight in self._policy.named_parameters() if weight.requires_grad}
        if not sizes or self._still >= set(sizes):
            return None
        return sum(sizes[name] for name in self._still | self._missing) / sum(sizes.values())


def gradient_steps(optimiser: torch.optim.Optimizer) -> int | None:
    """Steps the optimiser has taken, from its own state; None if it does not count."""
    counts = [int(state["step"]) for state in optimiser.state.values() if "step" in state]
    return max(counts, default=None)


def logged(model: Any) -> Signals:
    """SB3's log of its last update, in our units."""
    values = model.logger.name_to_value
    found = {name: factor * float(values[key]) for key, (name, factor) in _TRANSLATED.items() if key in values}
    log_std = getattr(model.policy, "log_std", None)
    if isinstance(log_std, torch.Tensor) and not model.use_sde:  # gSDE: weights of a product, not a spread of actions
        found["log_std_mean"] = float(log_std.detach().mean())
    found["learning_rate"] = float(model.policy.optimizer.param_groups[0]["lr"])
    found["ent_coef_value"] = float(model.ent_coef)
    if found.keys() & {"pg_loss", "v_loss", "entropy"}:
        losses = (found.get(name, 0.0) for name in ("pg_loss", "v_loss", "entropy"))
        found["nonfinite/loss"] = float(not math.isfinite(sum(losses)))
    return found
