"""CFG116 clip-range-wide."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.run import Series, synthetic


@rule("CFG116", severity="warning")
def clip_range_wide(
    clip_coef_start: float | None = None, clip_coef_value: Series | None = None, *, limit: float = 0.5
) -> list[Finding]:
    """The clip range is so wide that it limits nothing.

    Looks at
    The clip range at the start, or the first one logged, above `limit`.

    Why it matters
    The clip is all that keeps a plain update near the policy that made the data.

    When it is wrong
    Where a KL penalty or a KL stop does that work instead.

    What to do
    Use two tenths, or a target KL.

    References
    Schulman et al. 2017, table 1; Andrychowicz et al. 2021.
    """
    if clip_coef_start is not None:
        value, evidence = clip_coef_start, given("clip_coef_start", clip_coef_start, ">", limit)
    elif clip_coef_value is not None and len(clip_coef_value):
        value = float(clip_coef_value.value[0])
        evidence = seen(clip_coef_value, value, "first", ">", limit)
    else:
        raise Undecided("no clip range was recorded")
    return [Finding("Nothing bounds an update.", (evidence,), REMEDIES)] if value > limit else []


REMEDIES = (
    Remedy(
        "Use two tenths",
        "it is the only limit of a plain update",
        verify="approx_kl_max falls",
        change={"clip_coef": "0.2"},
    ),
)

FIRES = (
    synthetic("ten", clip_coef_start=10.0),
    synthetic("ten, from the log", clip_coef_value=[10.0] * 4),
)
SILENT = (
    synthetic("usual", clip_coef_start=0.2),
    synthetic("generous", clip_coef_start=0.4),
)
