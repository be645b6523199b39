"""LOG107 throughput-falls."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import after, falls, median, need, tail
from ppo_doctor.run import Series, synthetic


@rule("LOG107", severity="info")
def throughput_falls(steps_per_second: Series, *, share: float = 0.5, least: int = 20) -> list[Finding]:
    """Training gets slower and slower.

    Looks at
    Environment steps per second, without the first update: the median of the last quarter below `share` of that of the
    first, and falling by Mann-Kendall at one in a thousand, over `least` updates.

    Why it matters
    Something grows: a list that is never emptied, a log, memory that starts to swap. Long runs will not finish.

    When it is wrong
    Better policies can make episodes dearer to simulate; a shared machine slows down by itself.

    What to do
    Watch memory beside the speed, and profile a late update.

    References
    Andy Jones 2021: look at the throughput, too.
    """
    speed = after(steps_per_second, 1)
    need(speed, int(least))
    first = speed.where(speed.step <= speed.step[len(speed) // 4 - 1])
    late, bar = tail(speed), share * median(first)
    if median(late) >= bar or not falls(speed, 0.001):
        return []
    slow = seen(late, median(late), "median of the last quarter", "<", bar, hits=late.value < bar)
    evidence = (slow, seen(first, median(first), "median of the first quarter"))
    return [Finding("Each update takes longer than the one before.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Watch the memory of the process over the run, and look for lists that only grow",
        "a leak is the usual reason for a steady fall",
        verify="steps_per_second stays level",
    ),
)

FIRES = (synthetic("a leak", steps_per_second=[1e4 / (1 + 0.1 * k) for k in range(30)]),)
SILENT = (
    synthetic("level", steps_per_second=[1e3] + [1e4, 1.1e4, 0.9e4] * 10),
    synthetic("compilation first", steps_per_second=[9e4] + [1e4] * 29),
)
