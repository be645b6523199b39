"""Features differ in scale by orders of magnitude, and nothing normalises them.

What it is
Raw counts, coordinates, prices or pixels beside fractions and flags. The largest feature drives the network,
saturates units, and the small ones are never learnt.

How it looks
Learning is slow or flat although everything is consistent; the critic is poor; gradients are large and always
clipped; results swing with the seed.

What it is confused with
With network-init-saturated, where the scale of weights is at fault. With reward-scale-too-large, which clips
gradients too. With normaliser-frozen, where a normaliser exists and is stuck.

How to confirm
Take the spread of every feature under random play: `obs_scale_spread` above a thousand.

What to do
Normalise by running statistics, or divide by known ranges; images as bytes, or scaled by hand.

References
Andrychowicz et al. 2021 (observation normalisation is among the choices that matter most); Stable-Baselines3 issue
268.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=4.0,
    course="poor",
    predicts={
        "always": ("observation-unscaled",),
        "often": (
            "gradient-always-clipped",
            "explained-variance-low",
        ),
        "sometimes": (
            "dormant-units-grow",
            "entropy-low-at-start",
            "entropy-at-maximum",
            "kl-spike",
            "value-bias",
            "critic-blind",
        ),
    },
    confirm="observation_audit",
    remedies=(
        Remedy(
            "Normalise observations by running statistics",
            "one learning rate then suits every feature",
            confirm="observation_audit",
            verify="explained_variance rises",
            change={"normalize_obs": "1"},
        ),
    ),
)

EXAMPLES = (synthetic("spread of a million", obs_scale_spread=1e6, normalize_obs=0.0),)
