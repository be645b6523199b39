"""OPT119 optimiser-forgets."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import need
from ppo_doctor.run import Series, synthetic


@rule("OPT119", severity="critical")
def optimiser_forgets(optimiser_steps: Series, *, least: int = 2) -> list[Finding]:
    """The optimiser knows of fewer steps than an update before.

    Looks at
    The steps that the optimiser itself has counted, from one update to the next: they never fall. Needs `least`
    updates.

    Why it matters
    Adam without its moments takes steps of full size in the direction of the sign of one noisy gradient, everywhere at
    once: a policy that was near its best is thrown off it. A learning-rate schedule that counts these steps starts
    anew.

    When it is wrong
    Optimisers that are reset on purpose, against a loss of plasticity or between tasks.

    What to do
    Save and load the optimiser's state with the weights; compare its count before and after.

    References
    stable-baselines3 issue 1256; Kingma and Ba 2015, section 3, on the moments' start; Asadi et al. 2023 on resets.
    """
    need(optimiser_steps, int(least))
    fell = np.diff(optimiser_steps.value, prepend=optimiser_steps.value[0]) < 0
    if not fell.any():
        return []
    place = int(np.argmax(fell))
    count = optimiser_steps.value
    evidence = seen(optimiser_steps, count[place], "the update after", "<", float(count[place - 1]), hits=fell)
    return [Finding("The optimiser was replaced by a fresh one in the middle of the run.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Restore the optimiser's state with the weights",
        "its moments and its count are a part of what was learnt",
        verify="optimiser_steps never falls",
    ),
)

FIRES = (synthetic("resumed with a fresh optimiser", optimiser_steps=[24, 48, 72, 24, 48, 72]),)
SILENT = (
    synthetic("goes on", optimiser_steps=[24, 48, 72, 96]),
    synthetic("refused updates", optimiser_steps=[24, 24, 48, 48]),
)
