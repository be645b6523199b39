"""Which single action pays best, and how sure must one be that another is better before that one pays?

constant_action_return: return of the best policy that always takes one action (a random legal one where it is illegal),
chosen on other episodes than it is reported on.
Let D be the return of the best rival less that of the best single action b in a state. better_elsewhere_frac =
P(D > 0). break_even_posterior p* = E[-D | D < 0] / (E[D | D > 0] + E[-D | D < 0]): the rival pays from probability p*
of being better on. posterior_reached: how often it is better among the tenth of held-out states in which a supervised
model, which sees the observation, thinks it likeliest. Below p* the best policy *for this observation* is the constant.

Cost: 32 policies x up to 8 episodes, and once more for the best.
Wrong when: there are more than eight actions (only whole returns are compared then); the costs within a side vary so
much that one probability does not decide.
Reference: Elkan 2001, The Foundations of Cost-Sensitive Learning.
"""

from __future__ import annotations

import numpy as np

from ppo_doctor.train import supervised, world
from ppo_doctor.train.env import Discrete
from ppo_doctor.train.lab import CHOICES, POLICIES, Cannot, Lab
from ppo_doctor.train.probes import Found


def measure(lab: Lab) -> Found:
    """Return of the best single action, break-even probability, and the probability the observation supports."""
    chosen, returns = lab.constants
    listed = world.listing(lab.world.space, POLICIES)
    found, notes = {"constant_action_return": float(returns.mean())}, [f"best single action: {listed[chosen].tolist()}"]
    if isinstance(lab.world.space, Discrete) and lab.world.space.n > POLICIES:
        notes.append(f"of the first {POLICIES} actions")
    try:
        odds, note = break_even(lab)
    except Cannot as why:
        odds, note = {}, str(why)
    return Found(found | odds, (*notes, note))


def break_even(lab: Lab) -> tuple[dict[str, float], str]:
    """Break-even probability of the best rival, how often it is better, and what the observation supports."""
    k, rows = lab.plan.choices, lab.forks.legal.all(axis=1)
    if (isinstance(lab.world.space, Discrete) and lab.world.space.n > CHOICES) or rows.sum() < 50:
        raise Cannot("no break-even: the actions compared differ from state to state")
    values = lab.grid(lab.forks.returns)[rows]
    base = int(values.mean(axis=(0, 1)).argmax())
    apart = values - values[:, :, base : base + 1]
    early, late = apart[:, ::2].mean(axis=1), apart[:, 1::2].mean(axis=1)
    pays = [float((late[:, a] * (early[:, a] > 0)).sum()) for a in range(k)]
    rival = int(np.argmax(pays))
    better = early[:, rival] > 0
    if pays[rival] <= 0.0:
        return {}, f"action {base} is the best in every state looked at"
    gain, loss = late[better, rival].mean(), max(-late[~better, rival].mean(), 0.0) if (~better).any() else 0.0
    label = (apart[:, :, rival].mean(axis=1) > 0).astype(float)
    guess = supervised.held_out(supervised.expanded(lab.forks.obs[rows]), label, np.arange(len(label)))
    top = np.argsort(-guess, kind="stable")[: max(len(guess) // 10, 10)]
    found = {
        "better_elsewhere_frac": float(label.mean()),
        "break_even_posterior": float(loss / (gain + loss)),
        "posterior_reached": float(label[top].mean()),
    }
    return found, f"choice {rival} against choice {base}: gains {gain:.4g} where better, loses {loss:.4g} elsewhere"
