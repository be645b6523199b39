"""The observation, or much of it, never changes.

What it is
Features are zero, saturated, clipped to one value, or read from something that is set once. The agent is nearly
blind.

How it looks
The policy ignores the state because there is none to see; the critic predicts a constant; entropy stays high or one
action wins.

What it is confused with
With state-frozen, where the state behind is constant too. With observation-uninformative, where features vary but do
not tell. With normaliser-frozen, which clips everything to a bound.

How to confirm
Take the variance of each feature under random play: `obs_constant_frac` large.

What to do
Find where the features are filled in; check units, casts and clips.

References
Stable-Baselines3 issue 1162 (a cast before scaling makes images black and white).
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
            "observation-constant",
            "critic-constant",
        ),
        "often": (
            "policy-ignores-state",
            "explained-variance-low",
            "action-meaning-hidden",
            "state-frozen",
            "critic-blind",
        ),
        "sometimes": (
            "observation-uninformative",
            "observation-stale",
            "effects-unseen",
            "no-headroom",
            "constant-action-optimal",
            "greedy-constant",
            "features-constant",
            "entropy-at-maximum",
            "nonfinite",
            "policy-still",
        ),
        "never": (
            "observation-noise-large",
            "action-ignored",
            "critic-learns-in-vain",
        ),
        "rarely": ("kl-exactly-zero",),
    },
    confirm="observation_audit",
    remedies=(
        Remedy(
            "Fill in the features, and check casts and clips",
            "constants carry no information",
            confirm="observation_audit",
            verify="obs_constant_frac falls",
        ),
    ),
)

EXAMPLES = (synthetic("most features dead", obs_constant_frac=0.9),)
