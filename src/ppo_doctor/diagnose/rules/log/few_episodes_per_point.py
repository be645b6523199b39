"""LOG105 few-episodes-per-point."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import median, need, spread, tail
from ppo_doctor.run import Series, synthetic


@rule("LOG105", severity="info")
def few_episodes_per_point(
    n_episodes: Series,
    mean_ep_return: Series,
    eval_mean_return: Series | None = None,
    *,
    limit: float = 3.0,
    least: int = 6,
) -> list[Finding]:
    """Each point of the return curve rests on a handful of episodes, and there is no evaluation.

    Looks at
    The number of episodes that ended per update: its median at or below `limit`, over `least` updates, in a log without
    evaluation returns.

    Why it matters
    Such a curve is mostly noise. It oscillates by itself, and "not improving" may be all that can be seen through it.

    When it is wrong
    Where all episodes are nearly alike, few are enough.

    What to do
    Evaluate on fixed seeds, or average over a hundred episodes.

    References
    Henderson et al. 2018; Agarwal et al. 2021.
    """
    if eval_mean_return is not None and len(eval_mean_return):
        return []
    need(n_episodes, int(least))
    if median(n_episodes) > limit:
        return []
    few = seen(n_episodes, median(n_episodes), "median", "<=", limit, hits=n_episodes.value <= limit)
    late = tail(mean_ep_return, 0.5)
    evidence = [few, seen(late, spread(late), "robust standard deviation of the last half")]
    return [Finding("The return curve is too noisy to be read.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Evaluate on a fixed block of seeds every few updates",
        "the same seeds each time remove most of the noise",
        verify="eval_mean_return appears",
    ),
)

_RETURN = [10.0, 30.0, 5.0, 22.0, 18.0, 40.0, 9.0, 25.0]
FIRES = (synthetic("two episodes a point", n_episodes=[2, 1, 0, 3, 2, 1, 2, 2], mean_ep_return=_RETURN),)
SILENT = (
    synthetic("many episodes", n_episodes=[20] * 8, mean_ep_return=_RETURN),
    synthetic("evaluated", n_episodes=[1] * 8, mean_ep_return=_RETURN, eval_mean_return=[10.0, 20.0]),
)
