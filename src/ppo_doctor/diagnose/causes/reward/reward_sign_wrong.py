"""The agent is paid for the opposite of what is wanted.

What it is
A cost is added instead of subtracted, a distance is rewarded instead of its decrease, or a sign is lost in a
refactoring. The learner does its work well, in the wrong direction.

How it looks
The training return rises while every metric that people care about falls; the policy ends worse than random; entropy
falls as in a good run.

What it is confused with
With loss-sign-wrong: there the learner pushes down a return that is right. With greedy-differs-from-sampled and
normalisation-not-synced, where evaluation differs for other reasons. With reward-term-dominates.

How to confirm
Compute the reward of a step that is plainly good and of one that is plainly bad, by hand.
The reward alone cannot show it: a learner that maximises the wrong sign looks healthy in every signal, and is called
so. It takes a metric that is not the reward, a term that is called a cost and pays, or a policy known to be good that
earns less than random play (`reference_gain` below zero) while a search by the reward succeeds.

What to do
Correct the sign; add a test with the two steps.

References
Amodei et al. 2016 on reward specification; case studies of schedulers paid for waiting.
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
        "always": (
            "reference-beaten",
            "reference-below-random",
        ),
        "often": (
            "cost-is-paid",
            "evaluation-does-not-follow",
            "not-above-random",
            "worse-than-first",
        ),
        "sometimes": (
            "constant-action-pays",
            "noop-collapse",
            "avoidable-noop",
            "below-baseline",
            "return-lost",
            "return-flat",
            "step-pay-multiplies",
            "ends-sooner",
        ),
        "rarely": ("surrogate-not-improved",),
        "never": (
            "reference-no-better",
            "reward-unreached",
            "rewarded-return-falls",
        ),
    },
    confirm="reference",
    remedies=(
        Remedy(
            "Check the reward of one good and one bad step by hand",
            "two numbers tell the sign",
            confirm="reference",
            verify="reference_gain rises above zero",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "sound updates, and worse than random",
        pg_loss=[-0.01, -0.012, -0.009, -0.011] * 4,
        eval_mean_return=[20.0, 5.0, -10.0, -30.0] + [-40.0, -41.0, -39.5, -40.5] * 3,
        random_return=20,
        best_baseline_return=60,
    ),
)
