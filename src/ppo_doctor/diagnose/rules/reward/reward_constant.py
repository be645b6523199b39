"""REW101 reward-constant."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import need
from ppo_doctor.run import Series, synthetic


@rule("REW101", severity="critical")
def reward_constant(
    reward_std: Series, reward_mean: Series, mean_ep_length: Series | None = None, *, least: int = 5
) -> list[Finding]:
    """Every step is paid the same, so that rewards hold no information.

    Looks at
    The standard deviation of the reward: zero in every update of the whole run (`least` at least), with one and the
    same mean. A constant reward that is not zero still pays for long or short episodes: then the lengths of episodes
    must not vary either.

    Why it matters
    There is nothing to tell good from bad. A reward of zero is most often one that random play never finds.

    When it is wrong
    Early on in a sparse task the first reward is still to come.

    What to do
    Measure how often random play is paid anything else. If never: shape the reward, or start nearer to the goal.

    References
    Schulman 2016: watch a random policy; if it never does it, learning will not either.
    """
    need(reward_std, int(least))
    if (reward_std.value > 0.0).any() or np.ptp(reward_mean.value) > 0.0:
        return []
    if reward_mean.value[0] != 0.0:
        if mean_ep_length is None or not len(mean_ep_length):
            raise Undecided("all rewards are equal, but the lengths of episodes, for which they pay, are unknown")
        if np.ptp(mean_ep_length.value) > 0.0:
            return []
    evidence = (seen(reward_std, reward_std.value.max(), "largest"), seen(reward_mean, reward_mean.value[0], "always"))
    return [Finding("No reward ever differs from any other.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Measure in how many episodes of random play any other reward occurs",
        "what is never seen cannot be learnt",
        confirm="reward_occurrence",
    ),
    Remedy(
        "Start episodes nearer to the goal, or add potential-based shaping",
        "the first success must be within reach of chance, and such shaping keeps the optimum",
        verify="reward_std becomes positive",
    ),
)

FIRES = (
    synthetic("never paid", reward_std=[0.0] * 8, reward_mean=[0.0] * 8),
    synthetic("always the same penalty", reward_std=[0.0] * 8, reward_mean=[-1.0] * 8, mean_ep_length=[10.0] * 8),
)
SILENT = (
    synthetic(
        "one per step, for as long as it lasts",
        reward_std=[0.0] * 6,
        reward_mean=[1.0] * 6,
        mean_ep_length=[20.0, 22.0, 30.0] * 2,
    ),
    synthetic("sparse", reward_std=[0.0] * 7 + [0.1], reward_mean=[0.0] * 7 + [0.01]),
)
