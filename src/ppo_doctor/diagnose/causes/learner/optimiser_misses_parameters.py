"""Some parameters never move, because the optimiser does not hold them.

What it is
A head is created after the optimiser, the critic is another module than the one it was built from, a group is frozen
and forgotten, or a parameter is listed twice. The gradient is there; no step follows it.

How it looks
The policy's gradient is zero or the policy does not move; the KL is exactly zero; or the trunk learns and a head does
not.

What it is confused with
With learning-rate-too-low, where everything moves a little. With critic-detached, whose parameters do not even have a
gradient (`gradient_missing_frac`). With reward-constant, where the gradient vanishes for want of a signal.

How to confirm
See which parameters one gradient step moves: `optimiser_missing_frac` above zero.

What to do
Build the optimiser from all parameters, after the last of them exists; assert that each moves.

References
tianshou issue 374; CoursIA issue 3326; real-cases operator M36.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.8,
    course="poor",
    predicts={
        "always": (
            "parameters-unmoved",
            "reference-learner-helps",
        ),
        "sometimes": (
            "explained-variance-low",
            "critic-blind",
            "value-bias",
            "policy-still",
            "critic-learns-alone",
            "updates-too-small",
            "gradient-zero",
            "learning-rate-zero",
            "entropy-at-maximum",
            "critic-constant",
            "entropy-term-wrong",
            "spread-never-moves",
            "kl-exactly-zero",
        ),
        "rarely": ("nothing-moves",),
    },
    confirm="optimiser_audit",
    remedies=(
        Remedy(
            "Build the optimiser from every parameter",
            "what it does not hold does not learn",
            confirm="optimiser_audit",
            verify="optimiser_missing_frac is zero",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "half of the parameters never move",
        optimiser_missing_frac=0.5,
        approx_kl_mean=[0.0] * 12,
        mean_ep_return=[22.0, 21.0, 22.5, 21.5] * 3,
    ),
)
