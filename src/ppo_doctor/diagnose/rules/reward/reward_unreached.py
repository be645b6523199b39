"""REW129 reward-unreached."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("REW129", severity="warning")
def reward_unreached(reward_reached: float, headroom: float | None = None, *, limit: float = 0.0) -> list[Finding]:
    """Whoever plays, every episode is paid the same.

    Looks at
    The probe's largest share of episodes with another return than the most frequent one of random play, over random
    play, single actions, random linear policies, known policies and searches: at or below `limit`.

    Why it matters
    A reward that nobody ever gets cannot be learnt from, and may not exist. If a known policy should get it and does
    not, the reward is broken; if there is none, nobody can tell.

    When it is wrong
    If success needs more skill than anything that was tried. Tasks that pay by a fixed number of steps.

    What to do
    Write a policy, or a sequence of actions, that must be paid. If it is not, mend the reward.

    References
    Schulman 2016, The Nuts and Bolts of Deep RL Research.
    """
    if reward_reached > limit:
        return []
    evidence = [given("reward_reached", reward_reached, "<=", limit)]
    if headroom is not None:
        evidence.append(given("headroom", headroom))
    return [Finding("No behaviour was seen to be paid more than another.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Play a sequence of actions that must be paid, and print its rewards",
        "it tells a reward that is missing from one that is out of reach",
        confirm="headroom",
        verify="reward_reached rises above zero",
    ),
)

FIRES = (synthetic("nobody", reward_reached=0.0, headroom=0.0), synthetic("nobody either", reward_reached=0.0))
SILENT = (synthetic("somebody", reward_reached=0.02), synthetic("everybody", reward_reached=1.0, headroom=2.0))
