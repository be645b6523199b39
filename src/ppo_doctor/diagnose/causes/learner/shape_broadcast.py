"""Two arrays of different shape are combined, and broadcasting hides it.

What it is
A column meets a vector in the surrogate or the value loss: every advantage is multiplied with every ratio, every
value compared with every return. The loss is an average over all pairs.

How it looks
The policy gradient averages to nearly nothing, the KL is tiny, the value loss stays at the variance of the returns,
explained variance at zero. Nothing raises an error.

What it is confused with
With critic-detached, whose value loss also stays at the variance. With learning-rate-too-low and updates that are too
small. With reward-ignores-decisions.

How to confirm
Compare the shapes of ratio, advantage, return and value where they are combined: `shape_mismatch`.

What to do
Flatten all four; assert equal shapes in the loss.

References
Real-cases operator M12; DeepRL_Algorithms issue 13; batch-ppo pull request 45.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=1.5,
    course="poor",
    predicts={
        "always": (
            "shapes-differ",
            "policy-still",
            "reference-learner-helps",
        ),
        "often": ("critic-learns-alone",),
        "sometimes": (
            "policy-gradient-turned",
            "policy-gradient-rescaled",
            "explained-variance-low",
            "critic-constant",
            "updates-too-small",
            "gradient-is-noise",
            "entropy-at-maximum",
            "advantages-zero",
            "nothing-moves",
        ),
        "rarely": ("kl-exactly-zero",),
    },
    confirm="shapes",
    remedies=(
        Remedy(
            "Flatten the operands and assert their shapes",
            "an average over pairs of strangers has no gradient",
            confirm="shapes",
            verify="shape_mismatch is zero",
        ),
    ),
)

EXAMPLES = (synthetic("shapes differ", shape_mismatch=1.0),)
