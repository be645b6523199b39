"""One running average is shown as mean, percentile and maximum.

What it is
Latency or wait statistics are updated as a running mean and printed under several names. The tail is invisible.

How it looks
Mean, 95th percentile and maximum agree to the digit.

What it is confused with
With truly constant values. With metric-wrong in general.

How to confirm
Compare the named statistics with each other.

What to do
Keep the values of the window and compute each statistic from them.

References
Case study of a load balancer whose mean equalled its 95th percentile.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=1.2,
    course="fine",
    innocent=True,
    predicts={
        "always": ("running-average-as-percentile",),
        "sometimes": (
            "throughput-above-arrivals",
            "metric-window-short",
        ),
    },
    confirm=None,
    remedies=(
        Remedy(
            "Compute each statistic from the values",
            "a mean of means has no tail",
            verify="the percentile exceeds the mean",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "mean equals percentile",
        eval_metric={"latency_mean": [5.0, 5.5, 5.2, 5.1] * 3, "latency_p95": [5.0, 5.5, 5.2, 5.1] * 3},
    ),
)
