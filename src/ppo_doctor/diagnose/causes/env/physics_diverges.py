"""The simulation runs into huge or undefined numbers.

What it is
An integrator diverges, bodies overlap, a quantity integrates without bound. Single transitions with enormous
observations or rewards reach the learner; NaN follows.

How it looks
The run looks fine, then one reward or observation is hundreds of times its usual size, the value loss jumps, and
weights or statistics become infinite. The last good line of the log hides it. Where values grow in every episode
alike, there is no single outlier: returns are huge, and the critic cannot follow.

What it is confused with
With reward-scale-too-large, whose rewards are large from the first step of an episode on: only a look at one episode
tells. With reward-outlier, where the physics is sound and a formula is singular. With learning-rate-too-high, which
makes NaN without an outlier before it. With std-degenerate, whose NaN starts in the policy.

How to confirm
Compare the end of an episode of random play with its start: `obs_growth` in the thousands. Or find the first
non-finite tensor and the step that fed it, and the largest reward and observation just before.

What to do
Smaller time step, more solver iterations, end the episode when a state leaves the sensible range; clip observations
and rewards as a safety net.

References
Isaac Lab issues 2294, 4570 and 1999; raisimGym issue 14.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=2.5,
    course="any",
    predicts={
        "always": ("observation-grows",),
        "often": ("return-scale-large", "reward-outlier", "nonfinite"),
        "sometimes": (
            "below-baseline",
            "step-pay-huge",
            "updates-too-small",
            "entropy-at-maximum",
            "critic-takes-gradient",
            "critic-constant",
            "reward-tail-long",
            "explained-variance-low",
            "gradient-always-clipped",
            "return-lost",
            "policy-still",
            "nothing-moves",
            "critic-blind",
        ),
    },
    confirm="growth",
    remedies=(
        Remedy(
            "End the episode when a state leaves its sensible range",
            "a diverged state teaches nothing",
            verify="reward_max stays within its usual range",
        ),
        Remedy("Reduce the time step", "the integrator then stays stable"),
    ),
)

EXAMPLES = (
    synthetic(
        "one reward of a million, then NaN",
        reward_max=[1.0] * 9 + [1e6, 1.0, 1.0],
        reward_min=[-1.0] * 12,
        v_loss=[1.0] * 9 + [1e9, float("nan"), float("nan")],
    ),
)
