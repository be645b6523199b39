"""CFG134 initial-weights-unusual."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("CFG134", severity="warning")
def initial_weights_unusual(network_init_scale: float, *, high: float = 3.0, low: float = 0.1) -> list[Finding]:
    """The initial weights are set far larger, or far smaller, than initialisation makes them.

    Looks at
    The configured multiple of the usual initial weights: above `high` or below `low`.

    Why it matters
    Too large: hidden units start in the flat of their activation, the first policy is decided before it has seen
    anything. Too small: every layer passes on next to nothing, and the gradient vanishes with it.

    When it is wrong
    Where inputs have another scale and the weights make up for it; normalised inputs are the better way.

    What to do
    Leave the multiple at one: orthogonal weights of gain root two, the policy's last layer a hundredth of that.

    References
    Andrychowicz et al. 2021, section on initialisation; Huang et al. 2022, detail 2.
    """
    if low <= network_init_scale <= high:
        return []
    over, limit = (">", high) if network_init_scale > high else ("<", low)
    meaning = "The networks start saturated." if over == ">" else "The networks pass on next to nothing."
    return [Finding(meaning, (given("network_init_scale", network_init_scale, over, limit),), REMEDIES)]


REMEDIES = (
    Remedy(
        "Leave the initial weights at their usual scale",
        "units then start where they have a gradient",
        verify="entropy_frac starts near one",
        change={"network_init_scale": "1"},
    ),
)

FIRES = (synthetic("ten times", network_init_scale=10.0), synthetic("a hundredth", network_init_scale=0.01))
SILENT = (synthetic("as usual", network_init_scale=1.0), synthetic("somewhat less", network_init_scale=0.5))
