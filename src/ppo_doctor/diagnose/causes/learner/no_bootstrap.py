"""The value after a time limit, or after the end of the rollout, is taken to be zero.

What it is
The learner ignores the difference between truncated and terminated, or drops the value of the last state. Everything
just before a cut looks worthless.

How it looks
Values are biased down near cuts; learning settles lower in long tasks and with short rollouts; nothing else looks
wrong.

What it is confused with
With gae-leak, wrong at every end: recomputing without the bootstrap tells. With timeout-as-terminal, where the
environment sends the wrong flag. With discount-too-low.

How to confirm
Recompute the advantages: `gae_error` is large, and vanishes if the reference leaves out the bootstrap too.

What to do
Bootstrap with the value of the state after the cut, not of the state after the reset.

References
Pardo et al. 2018; cleanrl issue 198; real-cases operators M03 and M05.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=1.2,
    course="poor",
    predicts={
        "always": (
            "advantage-mismatch",
            "bootstrap-missing",
            "reference-learner-helps",
        ),
        "sometimes": (
            "explained-variance-low",
            "value-bias",
        ),
    },
    confirm="gae_recompute",
    remedies=(
        Remedy(
            "Bootstrap from the state after the cut",
            "the task goes on there",
            confirm="gae_recompute",
            verify="gae_error is float error",
        ),
    ),
)

EXAMPLES = (synthetic("wrong at the last step", gae_error=1.5, gae_wrong_at_last=1.0, gae_wrong_inside=0.0),)
