"""Privacy is claimed, but no noise is added.

What it is
The switch is on in the configuration and the wrapper is not in the path, works on a copy, or adds noise that is zero
after rounding. Learning is not harmed; the claim is false.

How it looks
Nothing in the learning curve. Observations with and without the mechanism are equal.

What it is confused with
With healthy: only measuring the noise tells. With a very large epsilon, where the noise is truly small.

How to confirm
Measure the noise: `obs_noise_std` is zero while `obs_noise_declared` is not.

What to do
Put the mechanism into the path that the agent reads, and account for the budget that is spent.

References
Dwork and Roth 2014; case study whose report printed a budget that was never spent.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.3,
    course="fine",
    predicts={
        "always": ("privacy-noise-missing",),
    },
    confirm="observation_audit",
    remedies=(
        Remedy(
            "Add the noise where the agent reads, and account for what is spent",
            "a budget that is not spent protects nobody",
            confirm="observation_audit",
            verify="obs_noise_std reaches obs_noise_declared",
        ),
    ),
)

EXAMPLES = (synthetic("a budget without noise", obs_noise_std=0.0, obs_noise_declared=0.5),)
