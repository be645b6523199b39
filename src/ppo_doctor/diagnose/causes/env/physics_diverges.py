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
tells. With reward-term-dominates: where pay grows with the state, the last steps of an episode outweigh all before, and
whoever reaches them beats a reference. With reward-outlier, where the physics is sound and a formula is singular. With
learning-rate-too-high, which makes NaN without an outlier before it. With std-degenerate, whose NaN starts in the
policy.

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
        "often": (
            "return-scale-large",
            "step-pay-huge",
            "below-baseline",
            "explained-variance-low",
            "critic-takes-gradient",
        ),
        "sometimes": (
            "nonfinite",
            "reward-outlier",
            "evaluation-does-not-follow",
            "reference-beaten",
            "reward-term-dominates",
            "ends-sooner",
            "constant-action-optimal",
            "updates-too-small",
            "entropy-at-maximum",
            "critic-constant",
            "reward-tail-long",
            "gradient-always-clipped",
            "return-lost",
            "policy-still",
            "nothing-moves",
            "critic-blind",
        ),
        "never": ("one-decision", "one-step-episodes"),
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
        "what is seen grows ten-thousandfold; one reward of a million, then NaN",
        obs_growth=1e4,
        reward_max=[1.0] * 9 + [1e6, 1.0, 1.0],
        reward_min=[-1.0] * 12,
        v_loss=[1.0] * 9 + [1e9, float("nan"), float("nan")],
    ),
)
