"""DAT114 sampling-differs."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.run import Series, synthetic


@rule("DAT114", severity="critical")
def sampling_differs(sampling_gap: Series, *, limit: float = 6.0, least: int = 3) -> list[Finding]:
    """The actions taken are not draws from the policy that learns from them.

    Looks at
    How much less likely the actions taken are than draws from the policy would be, in standard errors of each update,
    pooled over all of them: sum / sqrt(n), beyond `limit` on either side. Needs `least` updates.

    Why it matters
    The policy gradient is the gradient of what was sampled. With a temperature, a greedy rule or a filter between
    policy and environment that the log-probability does not know, every ratio is one and every gradient is wrong.

    When it is wrong
    Where the samples of one rollout are not independent, as with state-dependent exploration; such runs do not record
    the signal. An action mask that only the sampling knows is found too, and rightly.

    What to do
    Sample from the very distribution whose log-probability is stored; evaluate greedily elsewhere.

    References
    Williams 1992; Engstrom et al. 2020, Implementation Matters.
    """
    if len(sampling_gap) < least:
        raise Undecided(f"needs {least:.0f} updates, has {len(sampling_gap)}")
    pooled = float(sampling_gap.value.sum() / np.sqrt(len(sampling_gap)))
    if abs(pooled) <= limit:
        return []
    rarer = pooled > 0
    meaning = "Actions were taken that the policy finds rarer than its own: something flattens the sampling."
    if not rarer:
        meaning = "Actions were taken that the policy finds likelier than its own: something sharpens the sampling."
    evidence = seen(sampling_gap, pooled, "pooled", ">" if rarer else "<", limit if rarer else -limit)
    return [Finding(meaning, (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Sample with the distribution whose log-probability is stored",
        "a temperature belongs into both, a greedy choice into neither",
        verify="sampling_gap scatters around zero",
    ),
)

FIRES = (
    synthetic("sampled at a higher temperature", sampling_gap=[2.0, 4.0, 3.5, 5.0, 4.0]),
    synthetic("the likeliest action is taken", sampling_gap=[-9.0, -11.0, -10.0]),
)
SILENT = (
    synthetic("draws of the policy", sampling_gap=[0.3, -1.2, 0.7, 1.9, -0.4, 0.1]),
    synthetic("one update in the tail", sampling_gap=[4.0, 0.1, -0.5, 0.2]),
)
