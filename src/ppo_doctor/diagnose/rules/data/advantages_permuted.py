"""DAT130 advantages-permuted."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("DAT130", severity="critical")
def advantages_permuted(advantage_permuted: float, *, limit: float = 0.0) -> list[Finding]:
    """The advantages in use are the right ones, of other rows.

    Looks at
    The audit recomputes every advantage. It fires if those in use are the same numbers in
    another order (`advantage_permuted` above `limit`).

    Why it matters
    Every row is blamed for another row. Mean, spread and range of the advantages are perfect, so that no statistic of
    the log shows it: the policy learns from noise of the right size.

    When it is wrong
    Where all advantages of a rollout are the same; then it is undecided.

    What to do
    Flatten rewards, values, advantages, actions and observations by one function: time, environments and agents in one
    order.

    References
    Huang et al. 2022, The 37 Implementation Details of PPO (vectorised architecture).
    """
    if advantage_permuted <= limit:
        return []
    evidence = (given("advantage_permuted", advantage_permuted, ">", limit),)
    return [Finding("Credit is dealt out to the wrong rows.", evidence, REMEDIES)]


REMEDIES = (Remedy(
        "Flatten everything a row holds by one function",
        "one forgotten transpose is enough",
        confirm='gae_recompute',
        verify="gae_error is float error",
    ),)

FIRES = (synthetic("another order", advantage_permuted=1),)
SILENT = (synthetic("own rows", advantage_permuted=0), synthetic("own rows, in a longer run", advantage_permuted=0.0, gamma=0.9),)
