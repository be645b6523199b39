"""DAT107 reward-misaligned."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("DAT107", severity="critical")
def reward_misaligned(reward_misaligned_frac: float, *, limit: float = 0.01) -> list[Finding]:
    """Rewards are stored with the wrong step.

    Looks at
    The probe's share of rows whose stored reward is not the one that followed the stored action, above `limit`.

    Why it matters
    Where rewards are dense, a shift by one step hardly shows; on one-step and sparse tasks it is fatal: the action that
    earned the reward never sees it, and the last step of a rollout keeps a placeholder.

    When it is wrong
    Rewards computed afterwards on purpose (hindsight, shaping over an episode) differ by design.

    What to do
    Trace one reward by hand from the environment to the buffer, at the start, at an end, and at the rollout's last row.

    References
    The two-step probe environment of Andy Jones 2021; openai/spinningup issue 50.
    """
    if reward_misaligned_frac <= limit:
        return []
    meaning = "Actions are credited with their neighbours' rewards."
    return [Finding(meaning, (given("reward_misaligned_frac", reward_misaligned_frac, ">", limit),), REMEDIES)]


REMEDIES = (
    Remedy(
        "Store observation, action and log-probability first, step, then store reward and end into the same row",
        "the usual bug stores the reward of the step before",
        confirm="gae_recompute",
        verify="reward_misaligned_frac is zero",
    ),
)

FIRES = (synthetic("shifted by one", reward_misaligned_frac=0.9), synthetic("at ends only", reward_misaligned_frac=0.05))
SILENT = (
    synthetic("aligned", reward_misaligned_frac=0.0),
    synthetic("at the limit", reward_misaligned_frac=0.01),
)
