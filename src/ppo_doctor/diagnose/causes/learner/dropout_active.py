"""The network itself is random: dropout or batch statistics are active while acting or training.

What it is
Two passes of the same weights over the same input differ. The ratio then measures the noise of the layer, not the
change of the policy.

How it looks
The first ratio is off by a random amount, KL and clip fraction have a floor that no learning rate removes; the KL
stop ends updates at once.

What it is confused with
With logprob-mismatch, whose error is the same in every pass. With learning-rate-too-high, whose KL falls with the
rate.

How to confirm
Pass the same rows twice: the log-probabilities differ.

What to do
Remove dropout and batch normalisation from actor and critic, or switch both to evaluation mode in acting and
training.

References
Hausknecht and Wagener 2022, Consistent Dropout for Policy Gradient.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.4,
    course="poor",
    predicts={
        "always": (
            "forward-random",
            "reference-learner-helps",
        ),
        "often": (
            "first-ratio-error",
            "log-prob-mismatch",
            "movement-without-steps",
        ),
        "sometimes": (
            "stopped-at-once",
            "kl-spike",
            "ratio-leaves-range",
            "policy-churns",
            "policy-gradient-turned",
            "policy-gradient-rescaled",
        ),
    },
    confirm="logprob_recompute",
    remedies=(
        Remedy(
            "Remove dropout and batch normalisation from the policy",
            "the ratio must compare weights, not noise",
            confirm="logprob_recompute",
            verify="first_ratio_error is float error",
        ),
    ),
)

EXAMPLES = (synthetic("two passes differ", forward_noise=0.1, log_prob_error=0.1, first_ratio_error=[0.15] * 12),)
