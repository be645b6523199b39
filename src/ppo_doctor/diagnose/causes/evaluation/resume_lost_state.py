"""Training was resumed without all of its state.

What it is
Optimiser moments, normaliser statistics, schedules, counters or the environment were not restored. The run continues
as another run.

How it looks
A drop of the return at the restart, an optimiser whose step count falls, a learning rate that jumps up, steps that
repeat or fall, a KL spike in the first update.

What it is confused with
With return-lost and overshoot inside one run: the log shows no restart. With schedule-not-applied from the start.

How to confirm
Compare return, KL, rate and statistics just before saving and just after loading.

What to do
Save and load everything; a resumed run must continue to the digit.

References
Stable-Baselines3 issue 1256; rsl_rl issue 221 (aabd3eb).
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=2.5,
    course="any",
    innocent=True,
    predicts={
        "often": ("optimiser-forgets", "learning-rate-jumps"),
        "sometimes": (
            "log-restarts",
            "kl-spike",
            "return-lost",
            "overshoot",
            "normaliser-not-shared",
            "reference-learner-helps",
        ),
    },
    confirm=None,
    remedies=(
        Remedy(
            "Save optimiser, normaliser, schedule and counters",
            "weights are a part of the state",
            verify="the first update after loading looks like the last before",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "the rate jumps back up",
        learning_rate=[3e-4 - 2e-5 * k for k in range(10)] + [3e-4 - 2e-5 * k for k in range(10)],
    ),
)
