"""DAT101 first-ratio-error."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import Series, synthetic


@rule("DAT101", severity="critical")
def first_ratio_error(first_ratio_error: Series, *, limit: float = 1e-3) -> list[Finding]:
    """The probability ratio is not one before the first gradient step.

    Looks at
    The largest |r - 1| on the first minibatch of each update, before any step. The policy has not changed since it
    collected the data, so only float error is allowed: up to `limit`, which is far above float32 and far below any bug.

    Why it matters
    The ratio compares the wrong two policies: the surrogate pushes in a direction that has nothing to do with the
    advantage, and the clip acts at random. Curves look like a hard problem.

    When it is wrong
    Half-precision networks, and log-probabilities of very many action parts, have a larger float error: raise `limit`.

    What to do
    Recompute the log-probability of a stored action in the collecting policy and compare: mask, temperature,
    observation normalisation, dropout, recurrent state, squashing or clipping of the action, order of the rows.

    References
    Huang et al. 2022, The 37 Implementation Details of PPO; Andrychowicz et al. 2021.
    """
    over = first_ratio_error.value > limit
    if not over.any():
        return []
    meaning = "Stored and recomputed log-probabilities differ: the data was collected by another policy than assumed."
    worst = seen(first_ratio_error, first_ratio_error.value.max(), "largest", ">", limit, hits=over)
    return [Finding(meaning, (worst,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Make acting and re-evaluation share one code path: mask, temperature, normalised observation, bounds",
        "every known cause is a step done on one side only",
        confirm="logprob_recompute",
        verify="first_ratio_error falls to float error at once",
    ),
    Remedy(
        "Switch dropout and batch statistics off in the policy, and restore the recurrent state at each segment's start",
        "the forward pass itself then differs between acting and learning",
        verify="first_ratio_error falls to float error at once",
    ),
)

FIRES = (
    synthetic("temperature forgotten when re-evaluating", first_ratio_error=[0.4, 0.6, 0.9]),
    synthetic("a stale mask now and then", first_ratio_error=[1e-6, 1e-6, 0.3, 1e-6]),
)
SILENT = (
    synthetic("float error", first_ratio_error=[2e-7, 1e-6, 8e-6]),
    synthetic("exactly at the limit", first_ratio_error=[1e-3]),
)
