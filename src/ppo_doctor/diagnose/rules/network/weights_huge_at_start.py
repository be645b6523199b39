"""NET103 weights-huge-at-start."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.run import Series, synthetic


@rule("NET103", severity="warning")
def weights_huge_at_start(
    update_ratio: Series,
    learning_rate: Series,
    gradient_steps: Series,
    adam_eps: float | None = None,
    *,
    limit: float = 2.0,
    eps: float = 1e-3,
) -> list[Finding]:
    """The first update shows that the weights are far larger than any usual initialisation makes them.

    Looks at
    The learning rate, times the root of the gradient steps, over the size of the change as a share of the parameters,
    in the first update: above `limit`. Adam moves every weight by about the learning rate per step, by the root of the
    number of steps if they are unrelated, by more if not: so this is a lower bound of the weights' root mean square.
    Undecided for an Adam epsilon above `eps`, which shortens steps.

    Why it matters
    Weights of a layer of n inputs are of the order of the root of one over n, well below one. Larger ones saturate the
    units: no gradient passes, the first policy and the first values are arbitrary, and steps are too small to undo it.

    When it is wrong
    Where most parameters are frozen or get no gradient, the change of all is small. Optimisers other than Adam.

    What to do
    Use orthogonal weights of gain root two, a hundredth for the policy's last layer; normalise what enters.

    References
    Andrychowicz et al. 2021, section on initialisation; Huang et al. 2022, detail 2; Glorot & Bengio 2010.
    """
    if not (len(update_ratio) and len(learning_rate) and len(gradient_steps)):
        raise Undecided("needs the first update")
    start = update_ratio.step[0]
    if learning_rate.step[0] != start or gradient_steps.step[0] != start:
        raise Undecided("the first update was not recorded")
    if adam_eps is not None and adam_eps > eps:
        raise Undecided("Adam's epsilon shortens the steps")
    ratio, steps = float(update_ratio.value[0]), float(gradient_steps.value[0])
    if ratio <= 0.0 or steps < 1.0:
        raise Undecided("the first update changed nothing")
    bound = float(learning_rate.value[0]) * steps**0.5 / limit
    if ratio >= bound:
        return []
    first = update_ratio.where(update_ratio.step == start)
    evidence = (
        seen(first, ratio, "first", "<", bound),
        seen(learning_rate.where(learning_rate.step == start), float(learning_rate.value[0]), "first"),
        seen(gradient_steps.where(gradient_steps.step == start), steps, "first"),
    )
    if adam_eps is not None:
        evidence = (*evidence, given("adam_eps", adam_eps))
    return [Finding("The networks start saturated.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Initialise with orthogonal weights of gain root two, the policy's last layer a hundredth as large",
        "units then start where they have a gradient",
        verify="update_ratio of the first update rises a hundredfold",
    ),
)

FIRES = (
    synthetic(
        "thirty times too large", update_ratio=[9e-4] * 4, learning_rate=[1e-3] * 4, gradient_steps=[16, 32, 48, 64]
    ),
)
SILENT = (
    synthetic("ordinary", update_ratio=[0.04] * 4, learning_rate=[1e-3] * 4, gradient_steps=[16, 32, 48, 64]),
    synthetic(
        "a tiny learning rate", update_ratio=[1.2e-4] * 4, learning_rate=[3e-6] * 4, gradient_steps=[16, 32, 48, 64]
    ),
)
