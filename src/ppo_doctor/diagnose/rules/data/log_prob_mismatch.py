"""DAT102 log-prob-mismatch."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("DAT102", severity="critical")
def log_prob_mismatch(log_prob_error: float, *, limit: float = 1e-3) -> list[Finding]:
    """Stored log-probabilities are not those of the policy that learns from them.

    Looks at
    The probe's largest difference between stored and recomputed log-probability before any gradient step, above
    `limit`: far above float error, far below any bug.

    Why it matters
    The ratio compares two policies of which one never acted. Nothing that follows is a policy gradient.

    When it is wrong
    Half-precision networks have a larger float error: raise `limit`.

    What to do
    Compare the two code paths: mask, temperature, observation statistics, dropout, recurrent state, clipped or rescaled
    actions, the order of the rows, stored observations that were overwritten.

    References
    Huang et al. 2022, The 37 Implementation Details of PPO, detail 13.
    """
    if log_prob_error <= limit:
        return []
    meaning = "The log-probabilities in the buffer belong to another policy, another action or another observation."
    return [Finding(meaning, (given("log_prob_error", log_prob_error, ">", limit),), REMEDIES)]


REMEDIES = (
    Remedy(
        "Recompute with the mask, temperature and statistics of the rollout; if it then fits, one of them is missing",
        "each known cause is a step done on one side only",
        confirm="logprob_recompute",
        verify="first_ratio_error falls to float error",
    ),
    Remedy(
        "Store copies of observations and the sampled action, not the clipped one",
        "a buffer that is overwritten or corrected afterwards no longer fits its log-probabilities",
        confirm="observations_aliased",
    ),
)

FIRES = (synthetic("temperature on one side only", log_prob_error=0.4), synthetic("another action", log_prob_error=4.5))
SILENT = (synthetic("float error", log_prob_error=2e-6), synthetic("at the limit", log_prob_error=1e-3))
