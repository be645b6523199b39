"""Actions live on another scale than the policy's.

What it is
The action space is not centred and scaled to the unit interval, or its bounds are degenerate or infinite. A unit
Gaussian then samples mostly outside, is clipped to a bound, and the gradient points further out.

How it looks
Most components sit at a bound. The log standard deviation grows because the clip hides it; KL may be fine; the return
is flat or stuck at what the bound pays. Where the environment itself clips to less than it declares, most of what is
chosen has no effect: actions decide little of the return (`action_influence_return`), luck decides the rest.

What it is confused with
With std-degenerate: there the spread runs away from a good scale. With stored-action-clipped, where the clip also
enters the log-probability. With entropy-bonus-too-high, which widens the policy as well.

How to confirm
Count sampled components at or beyond their bounds: `action_at_bound_frac` above a half. Try actions of the whole
range in one state: those beyond the true bound do exactly the same, `action_tied_frac`.

What to do
Rescale the space to [-1, 1] inside the environment, clip only there, start with a smaller spread, or squash.

References
Stable-Baselines3 issue 389 (Box 5 to 35), ray issue 1862; Raffin et al. on Box spaces.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=4.0,
    course="poor",
    predicts={
        "always": ("actions-tied",),
        "often": ("action-saturated", "action-effect-small"),
        "sometimes": (
            "std-grows",
            "reward-outlier",
            "nonfinite",
            "entropy-at-maximum",
            "gradient-always-clipped",
            "gradient-is-noise",
            "no-headroom",
            "critic-learns-in-vain",
        ),
    },
    confirm="action_audit",
    remedies=(
        Remedy(
            "Rescale the action space to the unit interval inside the environment",
            "a policy starts with mean nought and spread one",
            confirm="action_audit",
            verify="action_at_bound_frac falls",
        ),
        Remedy("Start with a smaller spread", "fewer samples are clipped", change={"network_log_std": "-1"}),
    ),
)

EXAMPLES = (
    synthetic("sampled at the bounds", action_at_bound_frac=0.8, mean_ep_return=[-900.0, -910.0, -890.0, -905.0] * 3),
)
