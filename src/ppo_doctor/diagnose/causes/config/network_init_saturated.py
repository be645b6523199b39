"""The policy is decided before it has seen anything.

What it is
The last layer starts with large weights, inputs are unscaled, or units saturate at once. One action has nearly all
probability from the first update on.

How it looks
Entropy is low in the very first update; greedy action constant; little exploration.

What it is confused with
With entropy-bonus-too-low, where entropy starts high. With observation-unscaled, a usual reason. With a policy that
starts from a prior on purpose.

How to confirm
Look at the entropy before the first update; train again with usual weights (`ppo-doctor trial`).
A log without the size of the change of the weights (SB3's progress.csv) shows it only if the entropy starts low.

What to do
Initialise the policy's last layer a hundred times smaller; normalise inputs.

References
Andrychowicz et al. 2021 (small last layer); tianshou pull request 780.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.5,
    course="any",
    innocent=True,
    predicts={
        "rarely": (
            "best-far-behind",
            "return-lost",
            "critic-constant",
            "value-bias",
            "gradient-is-noise",
            "greedy-below-sampled",
            "surrogate-not-improved",
        ),
        "often": (
            "weights-huge-at-start",
            "initial-weights-unusual",
            "entropy-low-at-start",
            "usual-initial-weights-help",
        ),
        "sometimes": (
            "reference-learner-helps",
            "below-baseline",
            "still-improving",
            "longer-training-helps",
            "greedy-constant",
            "entropy-collapse",
            "dormant-units-grow",
            "policy-ignores-state",
            "gradient-zero",
            "return-flat",
            "return-scale-large",
            "nonfinite",
            "explained-variance-low",
            "returns-hardly-vary",
        ),
    },
    confirm=None,
    remedies=(
        Remedy(
            "Scale the last layer down by a hundred",
            "the first policy must be open",
            verify="entropy_frac starts near one",
            change={"network_init_scale": "1"},
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "decided at once", entropy_frac=[0.05, 0.05, 0.04, 0.05] * 3, mean_ep_return=[22.0, 21.0, 22.5, 21.5] * 3
    ),
)
