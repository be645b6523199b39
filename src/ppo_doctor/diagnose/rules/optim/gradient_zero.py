"""OPT105 gradient-zero."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, need
from ppo_doctor.run import Series, synthetic


@rule("OPT105", severity="critical", instead={"grad_norm_policy": ("grad_norm",)})
def gradient_zero(
    grad_norm_policy: Series,
    reward_std: Series | None = None,
    advantage_std: Series | None = None,
    *,
    limit: float = 1e-10,
    share: float = 0.4,
    least: int = 5,
    flat: float = 1e-6,
) -> list[Finding]:
    """The policy gets no gradient at all.

    Looks at
    The gradient norm of the surrogate alone (of everything, if only that is recorded): at or below `limit` in more than
    `share` of `least` updates or more. Updates whose advantages are all equal (a spread below `flat` of the reward's)
    do not count: no advantage, no gradient, and that is not the learner's doing.

    Why it matters
    A gradient that small is exactly zero: the graph is cut, all advantages are equal, or every logit is saturated.

    When it is wrong
    A policy that has become deterministic on a solved task has no gradient left, and needs none.

    What to do
    If the reward varies, look for the cut: a detached tensor, a mask that leaves one action, a loss that is never set.

    References
    DeepDiagnosis and AUTOTRAINER list vanishing gradients by the same test; CoursIA issue 3326 is a real case.
    """
    if advantage_std is not None and reward_std is not None and len(advantage_std):
        grad_norm_policy = _pushed(grad_norm_policy, advantage_std, reward_std, flat)
    need(grad_norm_policy, int(least), "updates with an advantage and")
    zero = grad_norm_policy.value <= limit
    if zero.mean() <= share:
        return []
    evidence = [seen(grad_norm_policy, grad_norm_policy.value[zero].max(), "largest of those", "<=", limit, hits=zero)]
    if reward_std is not None and len(reward_std):
        evidence.append(seen(reward_std, reward_std.value.max(), "largest"))
    return [Finding("Nothing pushes the policy in any direction.", tuple(evidence), REMEDIES)]


def _pushed(gradient: Series, advantage: Series, reward: Series, flat: float) -> Series:
    """The gradient of the updates that had any advantage to follow."""
    advantage, reward = aligned(advantage, reward)
    some = advantage.step[advantage.value > flat * reward.value]
    return gradient.where(np.isin(gradient.step, some))


REMEDIES = (
    Remedy(
        "See whether random play is ever paid, and whether advantages differ between rows",
        "equal advantages give no gradient, and rightly so",
        confirm="reward_occurrence",
    ),
    Remedy(
        "Follow the gradient from the loss to the policy's parameters",
        "a detached tensor on the way ends it",
        confirm="optimiser_audit",
        verify="grad_norm_policy is positive",
    ),
)

FIRES = (
    synthetic("graph cut", grad_norm_policy=[0.0] * 8, reward_std=[1.0] * 8),
    synthetic("most of the time", grad_norm=[0.0, 0.0, 0.1] * 4),
)
SILENT = (
    synthetic(
        "no advantage to follow",
        grad_norm_policy=[0.1] * 5 + [0.0] * 5,
        advantage_std=[0.4] * 5 + [0.0] * 5,
        reward_std=[0.5] * 10,
    ),
    synthetic("alive", grad_norm_policy=[0.05] * 8),
    synthetic("now and then", grad_norm_policy=[0.0, 0.1, 0.2] * 4),
)
