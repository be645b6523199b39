"""ENV118 normaliser-stale."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("ENV118", severity="critical")
def normaliser_stale(normaliser_error: float, *, limit: float = 2.0) -> list[Finding]:
    """The normaliser's statistics are not those of the observations.

    Looks at
    The largest distance over features between the normaliser's mean and that of recent raw observations, above
    `limit` of their standard deviations.

    Why it matters
    Inputs leave the range the network knows, and are clipped there. New states all look alike.

    When it is wrong
    Early in training, when the statistics still move; after a jump of a curriculum.

    What to do
    Update the statistics with every rollout, for actor and critic alike.

    References
    Andrychowicz et al. 2021, What Matters for On-Policy Deep Actor-Critic Methods.
    """
    if normaliser_error <= limit:
        return []
    return [
        Finding(
            "Observations are normalised by somebody else's statistics.",
            (given("normaliser_error", normaliser_error, ">", limit),),
            REMEDIES,
        )
    ]


REMEDIES = (
    Remedy(
        "Update the statistics with every rollout",
        "inputs must stay in range",
        confirm="normaliser_sync",
        verify="normaliser_error falls",
    ),
)

FIRES = (synthetic("frozen at the first rollout", normaliser_error=6.0),)
SILENT = (
    synthetic("follows", normaliser_error=0.1),
    synthetic("lags a little", normaliser_error=1.0),
)
