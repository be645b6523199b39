"""The observation normaliser does not follow the observations.

What it is
Its statistics are never updated, stopped too early, or updated for the actor only. Inputs drift out of range and are
clipped.

How it looks
Learning stalls when new states are reached; features sit at the clip; actor and critic may see different inputs.

What it is confused with
With observation-unscaled, where there is no normaliser. With normalisation-not-synced, where training is right and
evaluation is not. With observation-constant, if the clip flattens everything.

How to confirm
Compare the normaliser's mean with that of recent raw observations: `normaliser_error` of several spreads.

What to do
Update the statistics with every rollout, and share them between actor and critic.

References
ml-agents issue 5583; real-cases operator M44.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.6,
    course="poor",
    predicts={
        "always": (
            "normaliser-still",
            "reference-learner-helps",
        ),
        "sometimes": (
            "normaliser-stale",
            "observation-unscaled",
            "observation-constant",
            "explained-variance-low",
            "dormant-units-grow",
            "critic-blind",
        ),
    },
    confirm="normaliser_sync",
    remedies=(
        Remedy(
            "Update the statistics with every rollout, for actor and critic",
            "inputs must stay in range",
            confirm="normaliser_sync",
            verify="normaliser_error falls",
        ),
    ),
)

EXAMPLES = (
    synthetic("statistics of the first rollout", normaliser_still=1.0, normaliser_error=6.0, normalize_obs=1.0),
)
