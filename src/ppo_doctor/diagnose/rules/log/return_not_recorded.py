"""LOG101 return-not-recorded."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.run import Run, synthetic

RETURNS = ("eval_mean_return", "eval_sampled_mean_return", "mean_ep_return")


@rule("LOG101", severity="warning", sees_nonfinite=True)
def return_not_recorded(run: Run, *, least: int = 5) -> list[Finding]:
    """The log holds updates, but no return.

    Looks at
    Whether any return of training or evaluation was recorded, in a log with `least` updates or more of other signals. A
    return that is recorded but has no value yet (no episode ended) leaves it undecided.

    Why it matters
    Nothing here can then say whether the run learns: most other rules are undecided.

    When it is wrong
    If the returns are in another file: hand over both.

    What to do
    Wrap the environment so that episodes are counted (Monitor or RecordEpisodeStatistics), and evaluate now and then.

    References
    stable-baselines3 issues 462 and 1806.
    """
    series = [one for one in run.all_series().values() if len(one) >= least]
    found = [run.series(name) for name in RETURNS if name in run.all_series()]
    if any(np.isfinite(one.value).any() for one in found):
        return []
    if not series:
        raise Undecided(f"needs {least:g} updates of any signal")
    if found:
        raise Undecided(f"{found[0].name} is recorded, but no episode has ended")
    longest = max(series, key=len)
    return [
        Finding(
            "Whether this run learns cannot be read from this log.",
            (seen(longest, longest.value[-1], "last"),),
            REMEDIES,
        )
    ]


REMEDIES = (
    Remedy(
        "Wrap the environment in a monitor of episodes, inside of any normalisation, and log the mean return",
        "the raw return is the one number that all else is judged by",
        verify="mean_ep_return appears",
    ),
    Remedy(
        "Evaluate on fixed seeds every few updates",
        "training returns mix many policies and the noise of exploration",
        verify="eval_mean_return appears",
    ),
)

FIRES = (synthetic("no monitor", v_loss=[1.0, 0.9, 0.8, 0.7, 0.6], entropy=[1.3, 1.2, 1.2, 1.1, 1.1]),)
SILENT = (
    synthetic("training return", v_loss=[1.0] * 6, mean_ep_return=[1.0, 2.0]),
    synthetic("evaluation return", v_loss=[1.0] * 6, eval_mean_return=[1.0]),
)
