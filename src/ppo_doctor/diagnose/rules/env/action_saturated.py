"""ENV112 action-saturated."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.run import synthetic


@rule("ENV112", severity="warning")
def action_saturated(
    action_at_bound_frac: float | None = None,
    n_actions: float | None = None,
    network_log_std: float | None = None,
    *,
    limit: float = 0.5,
) -> list[Finding]:
    """Most sampled actions lie at or beyond their bounds.

    Looks at
    The probe's share of components of sampled actions at or beyond the bounds, above `limit`. A unit Gaussian within
    symmetric unit bounds has a third of them there. Actions that are chosen from a list have no bounds.

    Why it matters
    Beyond the bound all actions are the same action: the gradient of the mean is noise, and the policy is either on or
    off. Bounds that are not centred leave one end unreachable.

    When it is wrong
    Bang-bang control is optimal in some tasks; at the end of training that is no fault.

    What to do
    Look at the declared bounds: centred, symmetric, not equal, of the order of one?

    References
    Fujita & Maeda 2018, Clipped Action Policy Gradient; stable-baselines3 issue 389.
    """
    if action_at_bound_frac is None:
        if n_actions is None:
            raise Undecided("needs action_at_bound_frac, which the probe action_audit measures")
        return []
    if action_at_bound_frac <= limit:
        return []
    evidence = [given("action_at_bound_frac", action_at_bound_frac, ">", limit)]
    if network_log_std is not None:
        evidence.append(given("network_log_std", network_log_std))
    return [Finding("The policy's choices end at the bounds, where they all look alike.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Declare the action space as symmetric around zero with bounds of one, and rescale inside the environment",
        "a fresh Gaussian policy then covers the range",
        confirm="action_audit",
        verify="action_at_bound_frac falls below a half",
    ),
    Remedy(
        "Start with a smaller standard deviation",
        "less of the distribution then lies outside",
        verify="action_at_bound_frac falls",
        change={"network_log_std": "-1"},
    ),
)

FIRES = (
    synthetic("bounds far from zero", action_at_bound_frac=1.0, network_log_std=0.0),
    synthetic("mostly", action_at_bound_frac=0.6),
)
SILENT = (
    synthetic("a unit Gaussian", action_at_bound_frac=0.32),
    synthetic("inside", action_at_bound_frac=0.0),
    synthetic("one of four", n_actions=4),
)
