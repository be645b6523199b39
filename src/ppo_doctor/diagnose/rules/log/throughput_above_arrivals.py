"""LOG108 throughput-above-arrivals."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import aligned, median, need, tail
from ppo_doctor.run import Series, synthetic


@rule("LOG108", severity="warning")
def throughput_above_arrivals(eval_metric: dict[str, Series], *, excess: float = 0.02, least: int = 5) -> list[Finding]:
    """More is finished than arrives.

    Looks at
    The metrics `throughput` and `arrival_rate`, if both are recorded in one unit: the median of the first above that of
    the second by more than `excess`, over the last half of `least` points or more.

    Why it matters
    In the long run no more leaves a system than enters it. One of the figures is wrong, or the window holds a backlog
    from before: conclusions on saturation that rest on them are void.

    When it is wrong
    While a backlog is drained, for a while.

    What to do
    Count arrivals and departures over one and the same window.

    References
    Little 1961, A Proof for the Queuing Formula L = lambda W.
    """
    if not {"throughput", "arrival_rate"} <= set(eval_metric):
        raise Undecided("throughput and arrival_rate are not both recorded")
    done, came = aligned(eval_metric["throughput"], eval_metric["arrival_rate"])
    need(done, int(least), "points")
    done, came = tail(done, 0.5), tail(came, 0.5)
    bar = (1.0 + excess) * median(came)
    if median(done) <= bar:
        return []
    evidence = (
        seen(done, median(done), "median of the last half", ">", bar),
        seen(came, median(came), "median of the last half"),
    )
    return [Finding("The two rates cannot both be right for long.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Count arrivals and departures over the same window, and report the backlog at its ends",
        "the balance then shows which figure is wrong",
        verify="throughput is at most arrival_rate plus what the backlog lost",
    ),
)

FIRES = (synthetic("out of thin air", eval_metric={"throughput": [3.15] * 6, "arrival_rate": [3.0] * 6}),)
SILENT = (
    synthetic("keeps up", eval_metric={"throughput": [3.0] * 6, "arrival_rate": [3.0] * 6}),
    synthetic("falls behind", eval_metric={"throughput": [2.0] * 6, "arrival_rate": [3.0] * 6}),
)
