"""The noise added for privacy drowns the observation.

What it is
Differential privacy adds noise as large as, or larger than, what it hides. Small epsilon on unscaled or single-record
features makes the observation random.

How it looks
As if the observation were uninformative: a constant action or a uniform policy, low explained variance, although the
same run without noise learns.

What it is confused with
With observation-uninformative: without noise the best action can be predicted there neither. With
observation-unscaled, as clipping bounds for noise depend on scale.

Noise in place of the observation looks much the same in every curve. An experiment tells them apart: with the same
random numbers, what was only drowned still differs from state to state (`obs_noise_ratio` is finite, below 1e6). In a
Gymnasium environment whose episodes have one step the noise cannot be measured.

How to confirm
Compare the noise with the spread of each feature: `obs_noise_ratio` near or above one. Switch the noise off for one
run.

What to do
Aggregate before adding noise, clip tighter, spend the budget on fewer features, or accept a larger epsilon; account
for composition.

References
Dwork and Roth 2014; case study of a scheduler with noise of half the feature range.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.4,
    course="poor",
    predicts={
        "always": ("observation-noise-large",),
        "often": (
            "observation-uninformative",
            "action-meaning-hidden",
            "explained-variance-low",
            "critic-blind",
        ),
        "sometimes": (
            "policy-ignores-state",
            "no-headroom",
            "constant-action-optimal",
            "return-lost",
            "entropy-at-maximum",
            "gradient-is-noise",
        ),
        "never": (
            "observation-is-noise",
            "effects-unseen",
            "observation-constant",
            "observation-stale",
            "state-frozen",
            "action-ignored",
        ),
    },
    confirm="observation_audit",
    remedies=(
        Remedy(
            "Aggregate before adding noise",
            "the noise then hides records, not the decision",
            confirm="observation_audit",
            verify="obs_noise_ratio falls",
        ),
    ),
)

EXAMPLES = (synthetic("noise twice the signal", obs_noise_ratio=2.0),)
