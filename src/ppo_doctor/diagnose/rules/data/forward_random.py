"""DAT116 forward-random."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("DAT116", severity="critical")
def forward_random(forward_noise: float, *, limit: float = 1e-4) -> list[Finding]:
    """Two passes of the same weights over the same rows give different probabilities.

    Looks at
    The largest difference between the log-probabilities of two passes, above `limit` nats.

    Why it matters
    Dropout or batch statistics are active: the ratio measures the noise of the layers, and the KL has a floor that no
    learning rate removes.

    When it is wrong
    Not at all, unless the two passes are of different rows. Noise on the parameters that is resampled on purpose
    fires it as well, and spoils the ratio as much.

    What to do
    Remove dropout and batch normalisation from the policy, or switch them off in acting and in training alike.

    References
    Hausknecht and Wagener 2022, Consistent Dropout for Policy Gradient Reinforcement Learning.
    """
    if forward_noise <= limit:
        return []
    return [Finding("The network is random by itself, so that no ratio is one.", (given("forward_noise", forward_noise, ">", limit),), REMEDIES)]


REMEDIES = (Remedy("Remove dropout and batch normalisation from the policy", "the ratio must compare weights, not noise", confirm="logprob_recompute", verify="first_ratio_error is float error"),)

FIRES = (synthetic("dropout", forward_noise=0.1),)
SILENT = (synthetic("deterministic", forward_noise=0.0), synthetic("float error", forward_noise=1e-6),)
