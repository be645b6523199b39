"""ENV108 not-reproducible."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("ENV108", severity="info")
def not_reproducible(determinism: float, *, limit: float = 0.999) -> list[Finding]:
    """The same seed and the same actions give another episode.

    Looks at
    The probe's share of steps that a replay with the same seed and actions reproduces exactly, below `limit`.

    Why it matters
    Comparisons lose their pairing: differences between runs, policies and remedies drown in noise, and every probe by
    replay measures that noise too. It does not keep a run from learning.

    When it is wrong
    Hardware, networks and some physics engines cannot be reproduced.

    What to do
    Give workload, exploration and shuffling a generator each, all seeded at reset.

    References
    Henderson et al. 2018, Deep Reinforcement Learning that Matters.
    """
    if determinism >= limit:
        return []
    meaning = "Seeds do not fix what happens, so that runs cannot be compared pair by pair."
    return [Finding(meaning, (given("determinism", determinism, "<", limit),), REMEDIES)]


REMEDIES = (
    Remedy(
        "Seed every source of randomness at reset, each with a generator of its own",
        "a global generator is moved on by whoever uses it first",
        confirm="determinism",
        verify="determinism is one",
    ),
)

FIRES = (synthetic("unseeded", determinism=0.1), synthetic("now and then", determinism=0.99))
SILENT = (synthetic("reproducible", determinism=1.0), synthetic("at the limit", determinism=0.999))
