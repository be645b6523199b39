"""ENV138 time-limit-not-kept."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("ENV138", severity="critical")
def time_limit_not_kept(overrun_frac: float, episode_limit: float | None = None, *, most: float = 0.0) -> list[Finding]:
    """Random play reaches the declared time limit, and the episode does not end.

    Looks at
    The share of episodes of random play that made as many steps as the environment declares to be the most and were
    neither terminated nor truncated by then: more than `most`.

    Why it matters
    Ends are dropped on their way to the learner, by a wrapper or by an environment that resets itself. Training then
    sees one endless episode, counts no return, and lets each episode pay for the next.

    When it is wrong
    Where the limit was lifted on purpose and the declaration was left as it was.

    What to do
    Step through the wrappers from the inside out, and see which one returns neither flag after so many steps.

    References
    Pardo et al. 2018, Time Limits in Reinforcement Learning; Gymnasium, TimeLimit and `max_episode_steps`.
    """
    if overrun_frac <= most:
        return []
    evidence = [given("overrun_frac", overrun_frac, ">", most)]
    if episode_limit is not None:
        evidence.append(given("episode_limit", episode_limit))
    return [Finding("The environment goes on past the end that it declares.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Pass terminated and truncated through every wrapper",
        "an end that nobody hears of lets the next episode pay for this one",
        confirm="episode_ends",
        verify="overrun_frac is zero",
    ),
)

FIRES = (synthetic("none ends", overrun_frac=1.0, episode_limit=500), synthetic("some do not", overrun_frac=0.25))
SILENT = (
    synthetic("all end in time", overrun_frac=0.0, episode_limit=500),
    synthetic("a limit nobody recorded is kept", overrun_frac=0.0, timeout_share=1.0),
)
