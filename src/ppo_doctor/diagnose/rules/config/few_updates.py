"""CFG106 few-updates."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("CFG106", severity="warning")
def few_updates(total_steps: float, n_envs: float, n_steps: float, *, limit: float = 15.0) -> list[Finding]:
    """The budget holds only a handful of updates.

    Looks at
    Rollouts in the plan: `total_steps` over environments times steps, below `limit`.

    Why it matters
    A policy moves by a bounded distance per update. With few updates it cannot arrive, however much data each one has.
    More environments at the same number of steps make it worse.

    When it is wrong
    Fine-tuning, and smoke runs that only show that the code runs.

    What to do
    Shorter rollouts or a larger budget; when adding environments, shorten their rollouts alike.

    References
    stable-baselines3 issues 766 and 1625.
    """
    if n_envs * n_steps <= 0 or total_steps / (n_envs * n_steps) >= limit:
        return []
    settings = (("total_steps", total_steps), ("n_envs", n_envs), ("n_steps", n_steps))
    evidence = tuple(given(name, value) for name, value in settings)
    return [Finding("The plan ends before the policy can have moved far.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Shorten the rollouts of each environment",
        "the same data then makes more updates",
        verify="updates reaches some hundreds",
        change={"n_steps": "x0.25"},
    ),
    Remedy("Plan more steps", "each update moves the policy by a bounded distance", change={"total_steps": "x10"}),
)

FIRES = (synthetic("ten updates", total_steps=20_480, n_envs=16, n_steps=128),)
SILENT = (
    synthetic("hundreds", total_steps=500_000, n_envs=8, n_steps=128),
    synthetic("fifteen", total_steps=15_000, n_envs=1, n_steps=1000),
)
