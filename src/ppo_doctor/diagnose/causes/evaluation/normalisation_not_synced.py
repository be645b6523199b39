"""Evaluation normalises by other statistics than training.

What it is
The evaluation environment starts a normaliser of its own, statistics are not saved with the weights, or rewards stay
normalised in the report. The trained policy sees inputs it never saw.

How it looks
Training returns rise, evaluation stays at random level from the first evaluation on; the very first action already
differs.

What it is confused with
With greedy-differs-from-sampled, where inputs agree. With reward-sign-wrong. With overfitting to training instances.

How to confirm
Compare the two sets of statistics: `normaliser_gap` of a spread or more.

What to do
Share, save and load the statistics; freeze them in evaluation; report raw returns.

References
cleanrl issue 310; Stable-Baselines3 issues 1556 and 870; real-cases operator M44.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=1.0,
    course="any",
    hidden=True,
    predicts={
        "always": ("normaliser-not-shared",),
        "often": ("evaluation-does-not-follow",),
        "sometimes": (
            "not-above-random",
            "below-baseline",
            "reference-learner-helps",
        ),
        "rarely": (
            "return-flat",
            "greedy-below-sampled",
        ),
    },
    confirm="normaliser_sync",
    remedies=(
        Remedy(
            "Share and save the normaliser's statistics",
            "the policy includes them",
            confirm="normaliser_sync",
            verify="normaliser_gap is zero",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "training rises, evaluation does not",
        normaliser_gap=2.0,
        mean_ep_return=[20.0 + 10.0 * k for k in range(16)],
        eval_mean_return=[20.0, 21.0, 19.5, 20.5] * 4,
    ),
)
