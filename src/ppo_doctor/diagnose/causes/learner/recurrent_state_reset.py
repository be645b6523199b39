"""The hidden state at training is not the one at acting.

What it is
The recurrent state is zeroed, not reset, reset one step off, or padded steps enter it. The policy that is scored in
the update is another than the one that acted.

How it looks
Ratios are off from one where sequences start, replayed values differ from stored ones, the return is about half of
what it could be.

What it is confused with
With logprob-mismatch, which is off everywhere. With buffer-aliased. With gae-leak, which also follows the ends.

How to confirm
Replay a stored sequence: log-probabilities and values must agree, and resets must fall on the starts of episodes.

What to do
Store the state at the start of each sequence, reset it at the start of an episode, mask padded steps before
averaging.

References
Mava issue 1006; rsl_rl cd277d4; sb3-contrib pull request 78; real-cases operators M41 and M42.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.4,
    course="poor",
    predicts={
        "always": ("reference-learner-helps",),
        "often": (
            "first-ratio-error",
            "log-prob-mismatch",
            "ends-do-not-match",
        ),
        "sometimes": (
            "kl-spike",
            "explained-variance-low",
            "critic-blind",
        ),
    },
    confirm="logprob_recompute",
    remedies=(
        Remedy(
            "Reset the state exactly where an episode starts, in acting and in training",
            "the update must see what the actor saw",
            confirm="logprob_recompute",
            verify="first_ratio_error is float error",
        ),
    ),
)

EXAMPLES = (synthetic("replay differs, resets do not match", first_ratio_error=[0.2] * 12, done_mismatch=0.02),)
