"""CFG135 target-kl-tight."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("CFG135", severity="warning")
def target_kl_tight(target_kl: float, *, low: float = 1e-3) -> list[Finding]:
    """The KL target is far tighter than any known setup sets it.

    Looks at
    The configured target: below `low`.

    Why it matters
    One gradient step of an ordinary size moves the policy further than that. A stop then throws nearly all of each
    rollout away, and an adaptive penalty grows until it holds the policy where it is.

    When it is wrong
    With learning rates so small that many steps fit into the target; then the updates are not cut short.

    What to do
    Set it to a hundredth or more, or leave it off and let the clip do its work.

    References
    Schulman et al. 2017, section 4: three thousandths to three hundredths; Spinning Up: a hundredth.
    """
    if target_kl >= low:
        return []
    meaning = "The trust region is smaller than one ordinary step."
    return [Finding(meaning, (given("target_kl", target_kl, "<", low),), REMEDIES)]


REMEDIES = (
    Remedy(
        "Switch the KL target off, or set a usual one",
        "the clip bounds the step already",
        verify="gradient_steps per update grows",
    ),
)

FIRES = (synthetic("a millionth", target_kl=1e-6), synthetic("a ten-thousandth", target_kl=1e-4))
SILENT = (synthetic("usual", target_kl=0.015), synthetic("cautious", target_kl=0.003))
