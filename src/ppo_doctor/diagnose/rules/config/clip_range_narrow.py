"""CFG132 clip-range-narrow."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.run import Series, synthetic


@rule("CFG132", severity="warning")
def clip_range_narrow(
    clip_coef_start: float | None = None,
    clip_coef_end: float | None = None,
    clip_coef_value: Series | None = None,
    *,
    limit: float = 0.02,
) -> list[Finding]:
    """The clip range is so narrow that a row stops counting after next to no change.

    Looks at
    The larger of the clip range's start and end, or the largest one logged, below `limit`: the probability of an action
    may change by a fiftieth in an update at most. A range that is annealed to zero is judged by its start.

    Why it matters
    The gradient of a row ends where its ratio leaves the range. With such a range, it does after the first steps of an
    update, and the rest of the epochs is spent on nothing.

    When it is wrong
    Very many small updates can make up for it: then it is slow, not wrong. Ranges in other units than the ratio's.

    What to do
    Use a tenth to three tenths.

    References
    Schulman et al. 2017, table 1 (a tenth to three tenths); Andrychowicz et al. 2021.
    """
    if clip_coef_start is not None:
        value = max(clip_coef_start, clip_coef_start if clip_coef_end is None else clip_coef_end)
        evidence = given("clip_coef_start", clip_coef_start, "<", limit)
    elif clip_coef_value is not None and len(clip_coef_value):
        value = float(clip_coef_value.value.max())
        evidence = seen(clip_coef_value, value, "largest", "<", limit)
    else:
        raise Undecided("no clip range was recorded")
    return [Finding("An update may hardly change the policy.", (evidence,), REMEDIES)] if value < limit else []


REMEDIES = (
    Remedy(
        "Use two tenths",
        "an update then may change the probability of an action by a fifth",
        verify="clip_frac falls and approx_kl_mean rises",
        change={"clip_coef": "0.2"},
    ),
)

FIRES = (
    synthetic("a two-thousandth", clip_coef_start=0.0005),
    synthetic("a hundredth, from the log", clip_coef_value=[0.01] * 4),
)
SILENT = (
    synthetic("usual", clip_coef_start=0.2),
    synthetic("annealed to nothing", clip_coef_start=0.2, clip_coef_end=0.0),
    synthetic("annealed to nothing, from the log", clip_coef_value=[0.2, 0.1, 0.01, 0.0]),
)
