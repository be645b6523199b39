"""None of the causes known here explains the run, or too little was recorded to tell.

What it is
The honest remainder. It gains where findings fit no cause, where few rules could decide, and where a healthy course
is likely but not proven. Causes too improbable to list are counted here as well.

How it looks
Either many skipped rules, or findings that contradict every listed cause.

What it is confused with
With anything at all, if little is recorded: the list of what was not checked tells how little.

How to confirm
It cannot be confirmed, only made smaller: by the next test, or by a rerun that records the trainer's signals.

What to do
Do the next test. Then run the same trainer on an environment with a known answer: if it fails there, the learner is
at fault; if not, the environment is.

References
Of public threads on PPO that does not learn, several in a hundred are never resolved.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import Run, synthetic

CAUSE = Cause(
    __name__,
    prior=5.0,
    course="any",
    predicts={},
    confirm=None,
    remedies=(
        Remedy(
            "Record more: the trainer's signals, an evaluation, the configuration",
            "a cause that left no trace cannot be named",
        ),
        Remedy(
            "Run the same trainer on an environment with a known answer",
            "it tells a fault of the learner from one of the environment",
        ),
    ),
)

EXAMPLES = (
    Run("nothing recorded", {}),
    synthetic("flat self-play", mean_ep_return=[0.1, -0.1, 0.05, -0.02, 0.03, -0.06, 0.02, -0.04]),
)
