"""CFG119 temperature-high."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import median, need
from ppo_doctor.run import Series, synthetic


@rule("CFG119", severity="warning")
def temperature_high(temperature: Series, *, limit: float = 3.0, least: int = 3) -> list[Finding]:
    """Actions are sampled at a temperature that drowns the policy.

    Looks at
    The median sampling temperature of the whole run, above `limit`, over `least` updates.

    Why it matters
    The temperature divides the logits (for Gaussian actions it widens the noise): the policy that collects data, and is
    trained, stays near uniform whatever the network says. It acts as an entropy bonus that never ends.

    When it is wrong
    A short pulse against stagnation, which leaves the median alone.

    What to do
    Use one, and explore by the entropy coefficient.

    References
    Sutton & Barto 2018, section 2.8 (soft-max action preferences).
    """
    need(temperature, int(least))
    level = median(temperature)
    if level <= limit:
        return []
    evidence = seen(temperature, level, "median", ">", limit, hits=temperature.value > limit)
    return [Finding("Sampling ignores most of what the network has learnt.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Sample at temperature one",
        "the policy then acts as it is trained to",
        verify="entropy_frac falls and the return rises",
        change={"temperature": "1"},
    ),
)

FIRES = (synthetic("twenty", temperature=[20.0] * 6),)
SILENT = (
    synthetic("one", temperature=[1.0] * 6),
    synthetic("a pulse", temperature=[1.0] * 6 + [10.0] * 2 + [1.0] * 6),
)
