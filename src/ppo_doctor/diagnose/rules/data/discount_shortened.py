"""DAT135 discount-shortened."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("DAT135", severity="critical")
def discount_shortened(discount_in_use: float, gamma: float, *, limit: float = 0.005) -> list[Finding]:
    """The advantages obey a lower discount than the configured one.

    Looks at
    The audit fits discount and trace decay to the advantages in use (`discount_in_use`). It fires if the fitted
    discount lies more than `limit` below `gamma`. Without a pair that explains them all, nothing is said.

    Why it matters
    A discount of 0.99 that is applied twice looks half as far, applied once per substep of ten a tenth; the
    configuration shows nothing of it, and what pays late is not learnt.

    When it is wrong
    A discount that is scheduled, or depends on the length of a step (semi-Markov), differs by design.

    What to do
    Find the second place that discounts: a wrapper, the reward, the recursion, the loop over substeps.

    References
    Schulman et al. 2016, equation 16; Sutton, Precup and Singh 1999 on discounts of steps that last.
    """
    if discount_in_use >= gamma - limit:
        return []
    meaning = "Credit decays faster than the configuration says."
    return [Finding(meaning, (given("discount_in_use", discount_in_use, "<", gamma - limit), given("gamma", gamma)), REMEDIES)]


REMEDIES = (
    Remedy(
        "Apply the discount in one place only",
        "each further place multiplies it by itself",
        confirm="gae_recompute",
        verify="discount_in_use equals gamma",
    ),
)

FIRES = (
    synthetic("applied twice", discount_in_use=0.9801, gamma=0.99),
    synthetic("in every one of ten substeps", discount_in_use=0.904, gamma=0.99),
)
SILENT = (
    synthetic("as configured", discount_in_use=0.99, gamma=0.99),
    synthetic("up to rounding", discount_in_use=0.9899, gamma=0.99),
    synthetic("a bandit", discount_in_use=0.0, gamma=0.0),
)
