"""CFG110 value-clip-tight."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import after, median, need, tail
from ppo_doctor.run import Series, synthetic


@rule("CFG110", severity="warning")
def value_clip_tight(
    clip_range_vf: float,
    explained_variance: Series,
    *,
    limit: float = 0.3,
    explained: float = 0.3,
    warmup: int = 3,
    least: int = 8,
) -> list[Finding]:
    """The value clip allows less than the critic has to move.

    Looks at
    The value clip, in standard deviations of the targets, below `limit`; and the explained variance, whose last
    quarter's median is below `explained` after `warmup` updates (`least` of them).

    Why it matters
    The prediction may move by the clip per update and no further. Large returns are then out of reach for the whole
    run, whatever the critic's learning rate is.

    When it is wrong
    If the return cannot be predicted from the observation, a tight clip changes nothing.

    What to do
    Switch the value clip off; studies found no benefit.

    References
    Andrychowicz et al. 2021; Engstrom et al. 2020; ray pull request 2921.
    """
    if clip_range_vf >= limit:
        return []
    judged = after(explained_variance, int(warmup))
    need(judged, int(least), f"updates after the first {warmup:g}")
    late = tail(judged)
    if median(late) >= explained:
        return []
    low = seen(late, median(late), "median of the last quarter", "<", explained, hits=late.value < explained)
    return [
        Finding(
            "The critic is held back by its clip.", (given("clip_range_vf", clip_range_vf, "<", limit), low), REMEDIES
        )
    ]


REMEDIES = (
    Remedy(
        "Switch the value clip off",
        "it protects from nothing that the gradient clip does not, and is in units of the return",
        verify="explained_variance rises",
        change={"clip_range_vf": "off"},
    ),
)

FIRES = (synthetic("a tenth of a deviation", clip_range_vf=0.1, explained_variance=[0.0] * 3 + [0.05, 0.1, 0.15] * 4),)
SILENT = (
    synthetic("wide", clip_range_vf=1.0, explained_variance=[0.05, 0.1, 0.15] * 5),
    synthetic("tight, but explains", clip_range_vf=0.1, explained_variance=[0.6] * 15),
)
