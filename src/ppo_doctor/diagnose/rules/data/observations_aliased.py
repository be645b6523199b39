"""DAT112 observations-aliased."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("DAT112", severity="critical")
def observations_aliased(obs_aliased_frac: float, *, limit: float = 0.0) -> list[Finding]:
    """Stored observations change after they were stored.

    Looks at
    The probe's share of stored observations whose content differs from what it was when they were stored, above
    `limit`.

    Why it matters
    The environment writes the next step into the memory the buffer points at. Log-probabilities and values then belong
    to other observations; learning is weak, and the ratio before the first step is not one.

    When it is wrong
    Never, except for a buffer that normalises its content in place on purpose.

    What to do
    Copy the observation when it is stored.

    References
    SuperSuit pull request 116; rsl_rl issue 222; openai/baselines pull request 418.
    """
    if obs_aliased_frac <= limit:
        return []
    meaning = "The buffer holds references to memory that the environment reuses."
    return [Finding(meaning, (given("obs_aliased_frac", obs_aliased_frac, ">", limit),), REMEDIES)]


REMEDIES = (
    Remedy(
        "Copy observations when they are stored",
        "an environment may reuse its buffers",
        confirm="observations_aliased",
        verify="first_ratio_error falls to float error",
    ),
)

FIRES = (synthetic("a view of a reused buffer", obs_aliased_frac=0.99), synthetic("now and then", obs_aliased_frac=0.01))
SILENT = (synthetic("copies", obs_aliased_frac=0.0), synthetic("copies, normalised", obs_aliased_frac=0.0, normalize_obs=1))
