"""DAT111 kl-negative."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, median, need
from ppo_doctor.run import Series, synthetic


@rule("DAT111", severity="warning")
def kl_negative(
    kl_k1_mean: Series, approx_kl_mean: Series, *, share: float = 0.9, factor: float = 1.0, least: int = 10
) -> list[Finding]:
    """The estimated KL divergence is negative nearly all of the time.

    Looks at
    E[-log r] of each update: negative in more than `share` of the updates (`least` of them at least), with a median
    beyond `factor` times the median of the always positive estimate. A divergence is never negative, and its noise
    falls on both sides.

    Why it matters
    The rows are not samples of the policy whose probabilities are stored: wrong log-probabilities, wrong actions, or a
    sampling temperature that the stored log-probability does not know.

    When it is wrong
    Few rows per update make the estimate noisy; noise alone is not one-sided.

    What to do
    Recompute stored log-probabilities before the first gradient step.

    References
    Schulman 2020, Approximating KL Divergence; Andy Jones 2021: a negative KL is a bug.
    """
    k1, k3 = aligned(kl_k1_mean, approx_kl_mean)
    need(k1, int(least))
    below, bar = k1.value < 0.0, -factor * median(k3)
    if below.mean() <= share or median(k1) >= bar:
        return []
    evidence = (seen(k1, median(k1), "median", "<", bar, hits=below), seen(k3, median(k3), "median"))
    return [Finding("The data is not a sample of the policy it is ascribed to.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Recompute the stored log-probabilities in the collecting policy",
        "the sample and its probabilities must come from one distribution, temperature included",
        confirm="logprob_recompute",
        verify="first_ratio_error is float error and kl_k1_mean is positive on average",
    ),
)

FIRES = (synthetic("sampled at another temperature", kl_k1_mean=[-0.2] * 12, approx_kl_mean=[0.03] * 12),)
SILENT = (
    synthetic("positive", kl_k1_mean=[0.01] * 12, approx_kl_mean=[0.012] * 12),
    synthetic("noise around zero", kl_k1_mean=[-0.004, 0.005, -0.003] * 4, approx_kl_mean=[0.001] * 12),
    synthetic("a little below zero", kl_k1_mean=[-0.001] * 12, approx_kl_mean=[0.01] * 12),
)
