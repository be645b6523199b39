"""OPT109 entropy-term-wrong."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("OPT109", severity="critical")
def entropy_term_wrong(entropy_step: float, ent_coef_start: float | None = None) -> list[Finding]:
    """A step on the entropy term alone does not raise the entropy.

    Looks at
    The probe's change of the entropy after one small step on the entropy term alone: it must be positive.

    Why it matters
    Negative: the sign is wrong, and entropy is destroyed the faster the larger the coefficient is. Zero: the term has
    no gradient (a constant standard deviation, a detached number), and the coefficient does nothing.

    When it is wrong
    At exactly uniform the gradient is zero, and float error has no sign: probe a policy that has moved.

    What to do
    The loss is minimised: the entropy enters it with a minus.

    References
    omnisafe pull request 133; reinforcement_learning_ppo_rnd issue 8.
    """
    if entropy_step > 0:
        return []
    evidence = [given("entropy_step", entropy_step, "<=", 0.0)]
    if ent_coef_start is not None:
        evidence.append(given("ent_coef_start", ent_coef_start))
    return [Finding("The bonus does not do what its name says.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Subtract the coefficient times the entropy from the loss, and let gradients flow through it",
        "a sign or a detached tensor is the usual bug",
        confirm="entropy_sign",
        verify="entropy_step is positive",
    ),
)

FIRES = (synthetic("sign", entropy_step=-0.01, ent_coef_start=0.01), synthetic("constant spread", entropy_step=0.0))
SILENT = (synthetic("rises", entropy_step=1e-4), synthetic("rises more", entropy_step=0.1, ent_coef_start=0.01))
