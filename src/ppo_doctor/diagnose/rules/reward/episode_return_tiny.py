"""REW125 episode-return-tiny."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import need
from ppo_doctor.run import Series, synthetic


@rule("REW125", severity="info")
def episode_return_tiny(mean_ep_return: Series, *, limit: float = 1e-2, least: int = 5) -> list[Finding]:
    """Whole episodes are paid less than a hundredth.

    Looks at
    The largest size of the return of training episodes in the whole run, `least` points at least: not zero, and below
    `limit`.

    Why it matters
    A fresh critic errs by about a tenth: what is paid drowns in its error for most of a run, and falls below the
    optimiser's epsilon further down. Standardised advantages then standardise that error.

    When it is wrong
    If rewards are normalised on the way to the learner, their size in the log does not matter.

    What to do
    Multiply the rewards until returns are of the order of one, or normalise them.

    References
    Andrychowicz et al. 2021; Henderson et al. 2018, on reward scale.
    """
    need(mean_ep_return, int(least), "points")
    largest = float(abs(mean_ep_return.value).max())
    if largest == 0.0 or largest >= limit:
        return []
    return [Finding("Rewards are tiny.", (seen(mean_ep_return, largest, "largest size", "<", limit),), REMEDIES)]


REMEDIES = (
    Remedy(
        "Multiply rewards so that returns are of the order of one",
        "the critic's error no longer hides them",
        verify="mean_ep_return is of the order of one",
    ),
)

FIRES = (synthetic("a millionth", mean_ep_return=[2e-5, 2.1e-5, 1.9e-5, 2e-5] * 2),)
SILENT = (
    synthetic("of order one", mean_ep_return=[0.4, 0.5, 0.6, 0.7] * 2),
    synthetic("nothing at all", mean_ep_return=[0.0] * 8),
)
