"""EVA103 best-far-behind."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import need, progress, spread, tail
from ppo_doctor.run import Series, synthetic


@rule("EVA103", severity="info")
def best_far_behind(
    eval_mean_return: Series,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    behind: float = 0.4,
    least_lost: float = 0.15,
    most_lost: float = 0.5,
    noise: float = 4.0,
    least: int = 10,
) -> list[Finding]:
    """The best evaluation lies far back, and the run has been worse since.

    Looks at
    The best median of three evaluations in a row: more than `behind` of the run ago, above the last quarter's median by
    more than `noise` times the spread of that quarter and by more than `least_lost` of the gain (above `most_lost`
    another rule speaks). Needs `least` evaluations.

    Why it matters
    Training on made the policy worse. Settings that were right for the climb are too strong for the end.

    When it is wrong
    The best of many noisy evaluations is too good by selection; that is why three in a row and the spread count.

    What to do
    Keep the best checkpoint, choose by validation, report on other seeds. Let the learning rate decay.

    References
    Agarwal et al. 2021, Deep RL at the Edge of the Statistical Precipice.
    """
    need(eval_mean_return, int(least), "evaluations")
    come = progress(eval_mean_return, random_return, best_baseline_return, random_return_std)
    windows = np.median(np.lib.stride_tricks.sliding_window_view(eval_mean_return.value, 3), axis=-1)
    where = int(np.argmax(windows))
    late = tail(eval_mean_return)
    ago = 1.0 - (where + 3) / len(eval_mean_return)
    bar = come.level + noise * spread(late)
    if not least_lost < come.lost <= most_lost or ago <= behind or windows[where] <= bar:
        return []
    stretch = eval_mean_return.where(np.isin(np.arange(len(eval_mean_return)), range(where, where + 3)))
    best = seen(stretch, windows[where], "best median of three", ">", bar)
    return [Finding("The run has been getting worse since its best stretch.", (best, come.evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Take the best checkpoint by validation",
        "training on has cost what it had gained",
        verify="its return on fresh seeds lies above the last one's",
    ),
    Remedy(
        "Let the learning rate decay to zero over the run",
        "the step that climbs is too large to stay on top",
        verify="the last evaluations are the best",
        change={"learning_rate": "linear to 0"},
    ),
)

_PAST = [10.0, 60.0, 100.0, 101.0, 99.0] + [70.0, 71.0, 69.0, 70.0, 70.0] * 2
FIRES = (synthetic("past its best", eval_mean_return=_PAST),)
SILENT = (
    synthetic("best at the end", eval_mean_return=sorted(_PAST)),
    synthetic("noise around a plateau", eval_mean_return=[10.0, 60.0] + [95.0, 105.0, 100.0, 92.0, 108.0] * 3),
)
