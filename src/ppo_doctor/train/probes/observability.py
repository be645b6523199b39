"""Can the observation tell what to do? Supervised models on forks and random play, always judged on held-out data.

Where the observation has one row an action, the model scores rows; else it has one output an action. All are ridge
regressions on features and random rectified mixtures of them (`supervised.py`).
observation_predicts_action: (return of the predicted action - of the best single action) / (return of the best action
- of the best single action); chosen and judged on different continuations, so that luck does not count as skill.
observation_predicts_reward: held-out R^2 for the immediate reward of an action, of what the action alone leaves open.
observation_predicts_return: held-out R^2 for the discounted return of random play, grouped by episode.

Cost: that of the forks and of random play.
Wrong when: the relation is too fine for the model and the number of states (a note gives it): a low number then means
"not found". With several agents the model sees all observations, and only the first agent's action is varied.
"""

from __future__ import annotations

import numpy as np

from ppo_doctor.train import supervised
from ppo_doctor.train.env import Discrete
from ppo_doctor.train.lab import Lab
from ppo_doctor.train.probes import Found

ROWS = 3000
"""Steps of random play the return is predicted on, at most."""


def measure(lab: Lab) -> Found:
    """The three predictions; one that has nothing to predict is left out, with the reason."""
    found: dict[str, float] = {}
    notes = [f"{int(lab.several.sum())} forks"]
    for name, value in (("action", _action(lab)), ("reward", _reward(lab)), ("return", _return(lab))):
        if isinstance(value, str):
            notes.append(value)
        else:
            found[f"observation_predicts_{name}"] = value
    return Found(found, tuple(notes))


def predicted(lab: Lab, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Held-out predictions [n, actions] of `target` (centred over legal actions): from the observation, and from the
    action's identity alone."""
    rows, legal, x = lab.several, lab.forks.legal[lab.several], lab.forks.obs[lab.several]
    n, k = legal.shape
    groups, layout = np.arange(n), lab.world.layout
    identity, fixed = _identity(lab, rows)
    alone = supervised.held_out(identity, target.ravel(), np.repeat(groups, k)).reshape(n, k)
    if layout.items:
        table = np.stack([layout.rows(np, one[: layout.width]) for one in x])
        mine = np.take_along_axis(table, lab.forks.actions[rows].astype(int)[:, :, None], axis=1)
        mean = (mine * legal[:, :, None]).sum(axis=1, keepdims=True) / legal.sum(axis=1)[:, None, None]
        z = np.concatenate([mine, mine - mean], axis=2).reshape(n * k, -1)
        seen = supervised.held_out(supervised.expanded(z), target.ravel(), np.repeat(groups, k)).reshape(n, k)
    elif fixed:
        seen = supervised.held_out(supervised.expanded(x), target, groups)
    else:
        z = np.concatenate([np.repeat(x, k, axis=0), identity], axis=1)
        seen = supervised.held_out(supervised.expanded(z), target.ravel(), np.repeat(groups, k)).reshape(n, k)
    return seen, alone


def _identity(lab: Lab, rows: np.ndarray) -> tuple[np.ndarray, bool]:
    """One-hot identities [n * actions, ...] of the actions tried, and whether they are the same in every state."""
    actions, space = lab.forks.actions[rows], lab.world.space
    n, k = actions.shape[:2]
    if isinstance(space, Discrete) and space.n > k:
        return np.eye(space.n)[actions.ravel().astype(int)], False
    return np.tile(np.eye(k), (n, 1)), True


def _pick(score: np.ndarray, legal: np.ndarray) -> np.ndarray:
    return np.argmax(np.where(legal, score, -np.inf), axis=1)


def _action(lab: Lab) -> float | str:
    rows = lab.several
    gain, legal = lab.centred(lab.grid(lab.forks.returns))[rows], lab.forks.legal[rows]
    halves = gain[:, ::2].mean(axis=1), gain[:, 1::2].mean(axis=1)
    target, states = gain.mean(axis=1), np.arange(len(gain))
    seen, alone = predicted(lab, target)
    single = target[states, _pick(alone, legal)]
    best = sum(b[states, _pick(a, legal)] for a, b in (halves, halves[::-1])) / 2
    room = best - single
    if room.mean() <= 2.0 * room.std(ddof=1) / np.sqrt(len(room)) or room.mean() <= 1e-6 * np.abs(target).max():
        return "no state was found in which another action is better than the one that is best on average"
    score = (target[states, _pick(seen, legal)] - single).mean() / room.mean()
    return float(np.clip(score, -1.0, 1.0))


def _reward(lab: Lab) -> float | str:
    rows = lab.several
    reward, legal = lab.centred(lab.grid(lab.forks.reward))[rows].mean(axis=1), lab.forks.legal[rows]
    if np.abs(reward).max() <= 1e-6 * max(float(np.abs(lab.forks.reward).max()), 1e-30):
        return "no action changes the immediate reward"
    seen, alone = predicted(lab, reward)
    left = ((reward - alone)[legal] ** 2).sum()
    if left <= 0.01 * (reward[legal] ** 2).sum():
        return "the immediate reward of an action is the same in every state"
    return float(np.clip(1.0 - ((reward - seen)[legal] ** 2).sum() / left, -1.0, 1.0))


def _return(lab: Lab) -> float | str:
    play = lab.random
    togo = np.zeros_like(play.reward, dtype=np.float64)
    after = np.zeros(len(togo))
    for t in range(togo.shape[1] - 1, -1, -1):
        after = togo[:, t] = play.reward[:, t] * play.alive[:, t] + lab.gamma * after
    rows = np.argwhere(play.alive)
    rows = rows[np.sort(np.random.default_rng(lab.seed).permutation(len(rows))[:ROWS])]
    x, y = play.obs[rows[:, 0], rows[:, 1]], togo[rows[:, 0], rows[:, 1]]
    if np.ptp(y) <= 1e-9 * max(float(np.abs(y).max()), 1e-30):
        return "the return of random play is the same everywhere"
    if len(np.unique(rows[:, 0])) < supervised.FOLDS or len(rows) < 50:
        return "too few steps of random play to predict the return"
    left = y - supervised.held_out(supervised.expanded(x), y, rows[:, 0])
    return float(np.clip(1.0 - (left**2).mean() / y.var(), -1.0, 1.0))
