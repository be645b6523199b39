"""CFG137 value-clip-extreme."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("CFG137", severity="warning")
def value_clip_extreme(clip_range_vf: float, *, low: float = 0.03) -> list[Finding]:
    """The value clip is far tighter than any known setup sets it.

    Looks at
    The value clip, in standard deviations of the targets: below `low`.

    Why it matters
    The prediction moves by so much in an update, and no further: it takes tens of updates to cross one deviation, and
    the advantages are wrong until then, whatever the critic's learning rate is.

    When it is wrong
    Where the returns can hardly be predicted, or hardly change, a critic that stands still does no harm.

    What to do
    Switch the value clip off; studies found no benefit of any.

    References
    Andrychowicz et al. 2021; Engstrom et al. 2020; ray pull request 2921.
    """
    if clip_range_vf >= low:
        return []
    return [Finding("The critic can hardly move.", (given("clip_range_vf", clip_range_vf, "<", low),), REMEDIES)]


REMEDIES = (
    Remedy(
        "Switch the value clip off",
        "it protects from nothing that the gradient clip does not, and is in units of the return",
        verify="explained_variance rises sooner",
        change={"clip_range_vf": "off"},
    ),
)

FIRES = (synthetic("a hundredth of a deviation", clip_range_vf=0.01), synthetic("a thousandth", clip_range_vf=0.001))
SILENT = (synthetic("usual", clip_range_vf=0.2), synthetic("tight", clip_range_vf=0.05))
