"""Passes over the network on some rows of the buffer, before and after the gradient steps. They change nothing:

no gradient is stored, no random number drawn from the user's stream, no running statistic moved.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from gymnasium import spaces

from ppo_doctor.adapters.sb3.buffer import Signals

ROWS = 256
"""Rows looked at: the cost stays a few percent of an update at any size of the rollout."""
SHARES = 8
DORMANT = 0.025  # threshold of Sokar et al. 2023 (tau)
STILL = 1e-11  # variance / mean square of what is constant but for rounding: errors of 1e-6 in single precision
MODE_SENSITIVE = (torch.nn.modules.dropout._DropoutNd, torch.nn.modules.batchnorm._BatchNorm)


@dataclass(frozen=True)
class Batch:
    """Some rows of a buffer as the learner will see them. `mask`: legal actions, for policies that take one."""

    obs: Any
    action: torch.Tensor
    log_prob: torch.Tensor
    advantage: torch.Tensor
    target: torch.Tensor
    mask: np.ndarray | None


def batch(model: Any, rows: int = ROWS) -> Batch:
    """Rows spread over a buffer that was not read yet: a golden-section sequence over time and environments."""
    buffer = model.rollout_buffer
    steps, n_envs = buffer.rewards.shape
    n = steps * n_envs
    step = next(s for s in range(round(0.618 * n) or 1, n + 2) if math.gcd(s, n) == 1)
    t, i = np.divmod(np.arange(min(rows, n), dtype=np.int64) * step % n, n_envs)

    def pick(array: np.ndarray) -> torch.Tensor:
        return buffer.to_torch(array[t, i])

    obs, action = buffer.observations, pick(buffer.actions.astype(np.float32, copy=False))
    mask = getattr(buffer, "action_masks", None)
    return Batch(
        obs={key: pick(part) for key, part in obs.items()} if isinstance(obs, dict) else pick(obs),
        action=action.long().flatten() if isinstance(model.action_space, spaces.Discrete) else action,
        log_prob=pick(buffer.log_probs),
        advantage=pick(buffer.advantages),
        target=pick(buffer.returns),
        mask=None if mask is None else mask.reshape(steps, n_envs, -1)[t, i],
    )


def evaluate(policy: Any, rows: Batch) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Value, log-probability and entropy [n] of each row; the entropy is estimated where it has no formula."""
    masks = {} if rows.mask is None else {"action_masks": rows.mask}
    value, log_prob, entropy = policy.evaluate_actions(rows.obs, rows.action, **masks)
    return value.flatten(), log_prob, -log_prob if entropy is None else entropy


def errors(policy: Any, rows: Batch) -> Signals:
    """Whether the policy that learns gives the rows the log-probability that was stored, as acting and as learning."""
    with torch.no_grad():
        log_prob = evaluate(policy, rows)[1]
        acting = (log_prob - rows.log_prob).abs().max()
        learning = acting
        if any(isinstance(module, MODE_SENSITIVE) for module in policy.modules()):
            with _learning(policy):
                learning = (evaluate(policy, rows)[1] - rows.log_prob).abs().max()
    return {"log_prob_error": acting.item(), "first_ratio_error": math.expm1(min(learning.item(), 50.0))}


@contextmanager
def _learning(policy: Any) -> Iterator[None]:
    """The policy as while learning: dropout drops, batch statistics count; afterwards all is as before."""
    kept = {name: value.clone() for name, value in policy.named_buffers()}
    devices = [policy.device] if policy.device.type == "cuda" else []
    with torch.random.fork_rng(devices=devices):
        policy.set_training_mode(True)
        try:
            yield
        finally:
            policy.set_training_mode(False)
            for name, value in policy.named_buffers():
                value.copy_(kept[name])


def heads(policy: Any, rows: Batch) -> list[torch.Tensor] | None:
    """Probabilities [n, k] of each categorical part of the action; None for Gaussian actions."""
    masks = {} if rows.mask is None else {"action_masks": rows.mask}
    found = policy.get_distribution(rows.obs, **masks)
    inner = getattr(found, "distributions", None) or found.distribution
    if isinstance(inner, torch.distributions.Bernoulli):
        return [torch.stack([1.0 - p, p], dim=1) for p in inner.probs.unbind(1)]
    parts = inner if isinstance(inner, list) else [inner]
    return [part.probs for part in parts] if all(hasattr(part, "probs") for part in parts) else None


def _entropy(p: torch.Tensor) -> torch.Tensor:
    return torch.special.entr(p).sum(dim=-1)


def choices(before: list[torch.Tensor], rows: Batch) -> Signals:
    """How open the choice is, and whether the actions taken are draws from these probabilities."""
    room = torch.stack([torch.log(legal) for legal in _legal(before, rows.mask)]).sum(dim=0)
    entropy = torch.stack([_entropy(p) for p in before]).sum(dim=0)
    free = room > 0
    share = float((entropy[free] / room[free]).mean()) if bool(free.any()) else math.nan
    log = [torch.log(p.clamp_min(1e-30)) for p in before]
    square = sum((p * q**2).sum(dim=-1) for p, q in zip(before, log, strict=True))
    spread = torch.as_tensor(square) - sum(_entropy(p) ** 2 for p in before)
    error = float(spread.clamp_min(0.0).sum()) ** 0.5
    gap = float((-rows.log_prob - entropy).sum()) / error if error > 0.1 else math.nan
    return {"entropy_frac": share, "sampling_gap": gap}


def _legal(parts: list[torch.Tensor], mask: np.ndarray | None) -> list[torch.Tensor]:
    """Number of legal choices [n] of each part."""
    if mask is None:
        return [torch.full((len(p),), float(p.shape[1])) for p in parts]
    ends = np.cumsum([p.shape[1] for p in parts])[:-1]
    return [torch.as_tensor(part.sum(axis=1), dtype=torch.float32) for part in np.split(mask, ends, axis=1)]


def answers(before: list[torch.Tensor], after: list[torch.Tensor], rows: Batch) -> Signals:
    """How the policy answers to states after the update, and in how many states its choice changed."""
    greedy, was = (torch.stack([p.argmax(dim=1) for p in parts], dim=1) for parts in (after, before))
    free = torch.stack(_legal(after, rows.mask)).amax(dim=0) > 1
    changed = (greedy != was).any(dim=1)[free]
    sizes = [p.shape[1] for p in after]
    taken = rows.action.long().reshape(len(greedy), -1)
    shares = {"sampled": _shares(taken, sizes), "greedy": _shares(greedy, sizes)}
    found = {
        "mutual_information": float(sum(_entropy(p.mean(dim=0)) - _entropy(p).mean() for p in after)),
        "policy_churn": float(changed.float().mean()) if len(changed) else math.nan,
    }
    for name, share in shares.items():
        found[f"action_share_{name}_max"] = float(share.max())
        found |= {f"action_share_{name}/{k}": float(share[k]) for k in range(min(SHARES, len(share)))}
    return found


def _shares(choice: torch.Tensor, sizes: list[int]) -> torch.Tensor:
    """Share of rows of each choice, the parts' side by side; `choice` [n, parts]."""
    parts = choice.cpu().unbind(dim=1)
    return torch.cat([torch.bincount(c, minlength=k) / len(c) for c, k in zip(parts, sizes, strict=True)])


def gradients(model: Any, rows: Batch) -> Signals:
    """Norm of the gradient of each term of the loss, and the cosine between two halves of the rows."""
    policy = model.policy
    value, log_prob, entropy = evaluate(policy, rows)
    advantage = rows.advantage
    if model.normalize_advantage:
        advantage = (advantage - advantage.mean()) / (advantage.std() + 1e-8)
    surrogate = -advantage * torch.exp(log_prob - rows.log_prob)
    n = len(surrogate) // 2
    weights = [weight for weight in policy.parameters() if weight.requires_grad]

    def flat(loss: torch.Tensor) -> torch.Tensor:
        parts = torch.autograd.grad(loss, weights, retain_graph=True, allow_unused=True)
        return torch.cat(
            [(torch.zeros_like(w) if p is None else p).flatten() for p, w in zip(parts, weights, strict=True)]
        )

    first, second = flat(surrogate[:n].mean()), flat(surrogate[n : 2 * n].mean())
    bonus = flat(-model.ent_coef * entropy.mean()) if model.ent_coef else torch.zeros_like(first)
    critic = flat(model.vf_coef * torch.nn.functional.mse_loss(rows.target, value))
    actor = 0.5 * (first + second)
    whole, length = (actor + bonus + critic).norm().item(), (first.norm() * second.norm()).item()
    return {
        "grad_norm": whole,
        "grad_norm_clipped": min(whole, model.max_grad_norm),
        "grad_clipped_frac": float(whole > model.max_grad_norm),
        "grad_norm_policy": actor.norm().item(),
        "grad_norm_value": critic.norm().item(),
        "grad_norm_entropy": bonus.norm().item(),
        "half_batch_cosine": (first @ second).item() / length if length > 0 else math.nan,
        "nonfinite/gradient": float(not math.isfinite(whole)),
    }


def hidden(policy: Any, rows: Batch) -> Signals:
    """Dormant units and effective rank of the actor's last hidden layer; nothing if the policy hides it."""
    layers = getattr(getattr(policy, "mlp_extractor", None), "policy_net", None)
    if not isinstance(layers, torch.nn.Module):
        return {}
    seen: list[torch.Tensor] = []
    handle = layers.register_forward_hook(lambda _module, _inputs, output: seen.append(torch.as_tensor(output)))
    try:
        with torch.no_grad():
            evaluate(policy, rows)
    finally:
        handle.remove()
    if not seen:
        return {}
    size = seen[0].abs().mean(dim=0)
    centred = seen[0] - seen[0].mean(dim=0)
    gram = centred.T @ centred / len(centred)
    spread, square = float(gram.trace()), float((gram**2).sum())
    still = spread <= STILL * float((seen[0] ** 2).mean(dim=0).sum())
    return {
        "dormant_frac": float((size <= DORMANT * size.mean()).float().mean()),
        "effective_rank": 0.0 if still or square == 0.0 else spread**2 / square,
    }
