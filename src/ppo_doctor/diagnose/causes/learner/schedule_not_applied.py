"""A schedule or limit that the configuration names is never applied.

What it is
The annealing flag is read by nobody, the schedule is tied to another flag, counts something else, or was overwritten
on resume.

How it looks
The logged learning rate is constant although it should fall; late training is unstable, the last evaluations are
worse than the best.

What it is confused with
With policy-drift, where the schedule is applied and too high. With resume-lost-state, where it was applied until the
restart. With learning-rate-too-high.

How to confirm
Compare the logged learning rate with the configuration.

What to do
Wire the setting; log the value in force, not the configured one.

References
mesozoic-labs pull request 397; purejaxrl c05f88b; real-cases operator M40.
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
            "schedule-not-applied",
            "reference-learner-helps",
        ),
        "sometimes": (
            "return-lost",
            "best-far-behind",
            "drift",
            "overshoot",
            "schedule-ends-early",
            "policy-still",
            "nothing-moves",
        ),
    },
    confirm="optimiser_audit",
    remedies=(
        Remedy(
            "Apply the schedule and log the value in force",
            "a setting that nobody reads does nothing",
            confirm="optimiser_audit",
            verify="learning_rate falls",
        ),
    ),
)

EXAMPLES = (
    synthetic("constant although annealed", learning_rate=[3e-4] * 16, learning_rate_start=3e-4, learning_rate_end=0.0),
)
