"""The spread of a Gaussian policy runs away or vanishes.

What it is
A raw standard deviation without a floor, a log that overflows, an entropy bonus without bound, or a spread that has
no gradient. The policy ends as noise or as a point.

How it looks
The mean log standard deviation moves steadily; actions saturate or explore nothing; then NaN, or a return that no
longer changes.

What it is confused with
With action-bounds, where the scale of the space drives it. With entropy-bonus-too-high, which a smaller coefficient
stops. With physics-diverges, whose NaN starts in the environment.

How to confirm
Follow `log_std_mean` against its start; check that it has a gradient and bounds.

What to do
Parameterise the log, bound it, bound the bonus.

References
rsl_rl pull requests 66 and 67; ray issue 7853; real-cases operators M33 and M34.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=1.0,
    course="poor",
    predicts={
        "often": ("usual-deviation-helps",),
        "always": (
            "std-extreme",
            "std-starts-extreme",
        ),
        "sometimes": (
            "std-grows",
            "std-collapses",
            "nonfinite",
            "action-saturated",
            "kl-spike",
            "return-lost",
        ),
    },
    confirm="action_audit",
    remedies=(
        Remedy(
            "Use a bounded log standard deviation",
            "neither nought nor infinity can then be reached",
            confirm="action_audit",
            verify="log_std_mean stays near its start",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "the spread grows without end",
        action_at_bound_frac=0.1,
        network_log_std=3.0,
        log_std_mean=[0.3 * k for k in range(20)],
        v_loss=[1.0] * 19 + [float("inf")],
        mean_ep_return=[-900.0, -910.0, -890.0, -905.0] * 5,
    ),
)
