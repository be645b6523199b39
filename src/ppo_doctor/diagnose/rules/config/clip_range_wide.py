"""CFG116 clip-range-wide."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("CFG116", severity="warning")
def clip_range_wide(clip_coef_start: float, *, limit: float = 0.5) -> list[Finding]:
    """The clip range is so wide that it limits nothing.

    Looks at
    The clip range at the start, above `limit`.

    Why it matters
    The clip is all that keeps a plain update near the policy that made the data.

    When it is wrong
    Where a KL penalty or a KL stop does that work instead.

    What to do
    Use two tenths, or a target KL.

    References
    Schulman et al. 2017, table 1; Andrychowicz et al. 2021.
    """
    if clip_coef_start <= limit:
        return []
    return [Finding("Nothing bounds an update.", (given("clip_coef_start", clip_coef_start, ">", limit),), REMEDIES)]


REMEDIES = (
    Remedy(
        "Use two tenths",
        "it is the only limit of a plain update",
        verify="approx_kl_max falls",
        change={"clip_coef": "0.2"},
    ),
)

FIRES = (synthetic("ten", clip_coef_start=10.0),)
SILENT = (
    synthetic("usual", clip_coef_start=0.2),
    synthetic("generous", clip_coef_start=0.4),
)
