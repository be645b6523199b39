"""The agent sees an earlier step's state.

What it is
The observation is built before the state is advanced, cached, or delayed by a buffer. The agent acts on what was.

How it looks
Fast decisions fail, slow ones work; learning levels off early; action and observation are out of step by a constant
lag.

What it is confused with
With state-frozen, where nothing changes at all. With buffer-aliased, where storing, not observing, is late. With
observation-uninformative.

How to confirm
Compare observations with the state of the step before: `obs_stale_frac` above zero.

What to do
Observe after the state change; update derived features before they are read.

References
Real-cases operator M20 and its environment-side relatives; delayed observations in control.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.8,
    course="poor",
    predicts={
        "always": ("observation-stale",),
        "often": (
            "no-headroom",
            "return-flat",
        ),
        "sometimes": (
            "explained-variance-low",
            "observation-uninformative",
            "policy-ignores-state",
            "constant-action-optimal",
            "action-meaning-hidden",
            "gradient-is-noise",
            "critic-blind",
        ),
        "rarely": ("effects-unseen",),
        "never": (
            "observation-constant",
            "observation-noise-large",
            "action-ignored",
            "state-frozen",
        ),
    },
    confirm="observation_audit",
    remedies=(
        Remedy(
            "Build the observation after the state has changed",
            "a decision needs the present",
            confirm="observation_audit",
            verify="obs_stale_frac falls to zero",
        ),
    ),
)

EXAMPLES = (synthetic("a step behind", obs_stale_frac=0.9),)
