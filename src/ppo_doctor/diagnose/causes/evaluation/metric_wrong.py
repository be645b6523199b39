"""The reported number is not what its name says.

What it is
More is finished than arrives, a count exceeds its total, a normalised return is printed as raw, arguments are
swapped. The run may be fine or not; the number cannot tell.

How it looks
Impossible values: throughput above arrivals, a hit rate above one, returns that change with a wrapper.

What it is confused with
With metric-window-too-short and running-average-as-percentile, its special forms. With reward-sign-wrong.

How to confirm
Recompute the metric by hand for one episode; check identities between metrics.

What to do
Compute it from the episode's records, with one definition.

References
Real-cases operator M50 (arguments of explained variance swapped, clip fraction of one minibatch).
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=1.5,
    course="any",
    innocent=True,
    predicts={
        "often": ("mean-outside-blocks",),
        "sometimes": (
            "below-baseline",
            "greedy-below-sampled",
            "return-flat",
            "not-above-random",
            "worse-than-first",
            "return-lost",
            "throughput-above-arrivals",
            "evaluation-does-not-follow",
            "reference-learner-helps",
        ),
        "rarely": (
            "running-average-as-percentile",
            "best-so-far-reported",
        ),
        "never": ("rewarded-return-falls",),
    },
    confirm=None,
    remedies=(
        Remedy(
            "Recompute the metric by hand for one episode",
            "a wrong number cannot be tuned",
            verify="the identities between metrics hold",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "more finished than arrived",
        eval_metric={"throughput": [12.0, 13.0, 12.5, 12.7] * 3, "arrival_rate": [10.0] * 12},
        mean_ep_return=[5.0, 9.0, 14.0, 18.0, 20.0, 21.0] + [21.0, 21.5, 20.8] * 2,
    ),
)
