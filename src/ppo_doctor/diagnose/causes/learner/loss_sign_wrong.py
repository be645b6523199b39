"""A term of the loss has the wrong sign: the learner makes things worse.

What it is
The surrogate is minimised as a gain, advantages are negated, the smaller of two terms became the larger, or the
entropy is subtracted twice. Each update moves away from what was good.

How it looks
The return falls to the floor, below random play, while entropy falls and the KL looks busy; the logged surrogate gets
worse within each update instead of better.

What it is confused with
With reward-sign-wrong: there the return that is optimised does rise. With learning-rate-too-high: there the return
falls from somewhere. With entropy-bonus-too-low, if the entropy's sign is meant.

How to confirm
Take one small step on each term alone: the entropy term must raise the entropy, the surrogate term the surrogate.

What to do
Minimise minus the surrogate and minus the entropy; add both as tests.

References
omnisafe pull request 133; cleanrl 47b920a3; real-cases operator M31.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=1.0,
    course="flat",
    predicts={
        "always": (
            "rewarded-return-falls",
            "reference-learner-helps",
        ),
        "often": (
            "policy-gradient-reversed",
            "policy-gradient-turned",
            "surrogate-not-improved",
            "worse-than-first",
            "not-above-random",
            "critic-learns-in-vain",
        ),
        "sometimes": (
            "entropy-term-wrong",
            "entropy-collapse",
            "kl-spike",
            "greedy-constant",
            "overshoot",
            "ratio-leaves-range",
            "return-lost",
            "noop-collapse",
        ),
    },
    confirm="entropy_sign",
    remedies=(
        Remedy(
            "Check the sign of each term by one step on it alone",
            "a sign costs one line to test",
            confirm="entropy_sign",
            verify="entropy_step is positive",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "each update makes the surrogate worse",
        pg_loss=[0.02, 0.03, 0.025, 0.03] * 4,
        eval_mean_return=[22.0, 20.0, 17.0, 14.0, 11.0, 9.5, 9.4, 9.3, 9.4, 9.3, 9.4, 9.3, 9.4, 9.3, 9.4, 9.3],
        random_return=22,
        best_baseline_return=200,
    ),
    synthetic(
        "a step on the entropy lowers it",
        entropy_step=-0.01,
        entropy_frac=[0.9, 0.6, 0.3, 0.1, 0.02, 0.01] + [0.01] * 6,
        mean_ep_return=[22.0, 20.0, 15.0, 11.0, 9.5, 9.4] + [9.4] * 6,
    ),
)
