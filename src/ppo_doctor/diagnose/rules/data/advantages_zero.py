"""DAT113 advantages-zero."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, need
from ppo_doctor.run import Series, synthetic


@rule("DAT113", severity="critical")
def advantages_zero(
    advantage_std: Series, reward_std: Series, *, limit: float = 1e-6, share: float = 0.5, least: int = 3
) -> list[Finding]:
    """Rewards vary, but advantages do not.

    Looks at
    The standard deviation of the advantage, at or below `limit` times that of the reward, in more than `share` of the
    updates whose rewards vary at all, the first of them included: advantages that were there at first and faded were
    learnt away by a critic that knows every reward. Needs `least` such updates.

    Why it matters
    Without advantages there is no policy gradient: what remains is the entropy bonus. Usual causes are normalisation
    over an axis of length one, an array that is cleared or overwritten, and a discount and critic that cancel.

    When it is wrong
    A critic that starts out knowing every reward of a deterministic task, as after a warm start.

    What to do
    Print reward, value, return and advantage of ten rows side by side.

    References
    tensorflow/agents issue 651; Huang et al. 2022, detail 7.
    """
    advantage, reward = aligned(advantage_std, reward_std)
    varied = reward.value > 0.0
    advantage, reward = advantage.where(varied), reward.where(varied)
    if not len(reward) and len(reward_std) >= least:
        return []
    need(advantage, int(least), "updates whose rewards vary,")
    zero = advantage.value <= limit * reward.value
    if zero.mean() <= share or not zero[0]:
        return []
    worst = seen(advantage, advantage.value[zero].max(), "largest of those", hits=zero)
    return [Finding("The policy gets no gradient from the rewards.", (worst, seen(reward, reward.value.max(), "largest")), REMEDIES)]


REMEDIES = (
    Remedy(
        "Compare the advantages in use with recomputed ones, row by row",
        "it shows whether they are zero from the start or are lost on the way to the loss",
        confirm="gae_recompute",
        verify="advantage_std is of the order of return_std",
    ),
    Remedy(
        "Normalise over the whole batch, never over an axis that may have length one",
        "a value less its own mean is zero",
        confirm="shapes",
    ),
)

FIRES = (synthetic("normalised over one value", advantage_std=[0.0] * 6, reward_std=[1.0] * 6),)
SILENT = (
    synthetic(
        "the critic has learnt a deterministic task", advantage_std=[0.4, 0.2] + [1e-8] * 8, reward_std=[0.5] * 10
    ),
    synthetic("alive", advantage_std=[0.5] * 6, reward_std=[1.0] * 6),
    synthetic("solved: constant reward", advantage_std=[0.0] * 6, reward_std=[0.0] * 6),
)
