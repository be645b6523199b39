"""REW127 shorter-episodes-pay."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, falls, median, need, rises, tail
from ppo_doctor.run import Series, synthetic


@rule("REW127", severity="info")
def shorter_episodes_pay(
    mean_ep_length: Series, mean_ep_return: Series, *, share: float = 0.8, least: int = 10
) -> list[Finding]:
    """The return is a cost, and it falls because episodes end sooner.

    Looks at
    Training episodes, over `least` points: a return below zero throughout that rises, and a length that falls to
    `share` of its start (median of the first three points) or less in the last quarter, both by Mann-Kendall.

    Why it matters
    The policy has learnt to end episodes. Where the goal is to finish, that is success; where it is to survive, the
    reward has the wrong sign. The log looks healthy in both, and only the one who knows the task can tell.

    When it is wrong
    Every task with a price on time looks like this when it is learnt.

    What to do
    Watch one episode: does it end by reaching the goal, or by failing?

    References
    Sutton & Barto 2018, section 3.2 on what a reward should say.
    """
    length, paid = aligned(mean_ep_length, mean_ep_return)
    need(length, int(least), "points")
    late, first = tail(length), median(length.where(length.step <= length.step[2]))
    shorter = median(late) <= share * first and falls(length)
    if not shorter or paid.value.max() >= 0.0 or not rises(paid):
        return []
    evidence = (
        seen(late, median(late), "median of the last quarter", "<=", share * first),
        seen(paid, median(tail(paid)), "median of the last quarter"),
    )
    return [Finding("Ending episodes is what the policy has learnt.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Watch how episodes end",
        "an end by failure means that the reward's sign is wrong or failing costs too little",
        verify="episodes end by success",
    ),
)

FIRES = (
    synthetic(
        "paid to fall",
        mean_ep_return=[-22.0, -20.0, -18.0, -16.0, -14.0, -12.0, -11.0, -10.0, -9.5, -9.2, -9.1, -9.0],
        mean_ep_length=[22.0, 20.0, 18.0, 16.0, 14.0, 12.0, 11.0, 10.0, 9.5, 9.2, 9.1, 9.0],
    ),
)
SILENT = (
    synthetic(
        "paid to survive",
        mean_ep_return=[22.0, 40.0, 90.0, 150.0, 190.0, 200.0, 199.0, 200.0, 200.0, 199.0, 200.0, 200.0],
        mean_ep_length=[22.0, 40.0, 90.0, 150.0, 190.0, 200.0, 199.0, 200.0, 200.0, 199.0, 200.0, 200.0],
    ),
    synthetic("nothing changes", mean_ep_return=[-22.0, -21.0] * 6, mean_ep_length=[22.0, 21.0] * 6),
)
