"""POL151 kl-exactly-zero."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import need
from ppo_doctor.run import Series, synthetic


@rule("POL151", severity="info", instead={"approx_kl_mean": ("approx_kl_last",)})
def kl_exactly_zero(approx_kl_mean: Series, *, rounding: float = 1e-15, least: int = 8) -> list[Finding]:
    """No update changed the policy by a single bit.

    Looks at
    The largest size of the KL of all updates, `least` at least: within `rounding` of zero. Single precision shows a
    step of any size as a KL of about the square of its rounding, which is larger.

    Why it matters
    A step that is too small still leaves rounding in the ratios. A KL of exactly zero says that no gradient reaches the
    policy at all: advantages that are all zero, parameters that the optimiser does not have, a rate of zero.

    When it is wrong
    A log that was rounded to few digits shows small numbers as zero.

    What to do
    Print the advantages and the policy's gradient of one update: which of them is zero?

    References
    Schulman 2020, Approximating KL Divergence; Goldberg 1991, on rounding.
    """
    need(approx_kl_mean, int(least))
    largest = float(np.abs(approx_kl_mean.value).max())
    if largest > rounding:
        return []
    return [
        Finding(
            "The policy at the end is the initial one, bit for bit.",
            (seen(approx_kl_mean, largest, "largest size", "<=", rounding),),
            REMEDIES,
        )
    ]


REMEDIES = (
    Remedy(
        "Print the advantages in use, and the policy's gradient, in one update",
        "the first of them that is zero is the fault",
        confirm="gae_recompute",
        verify="approx_kl_mean is above zero",
    ),
)

FIRES = (synthetic("no bit", approx_kl_mean=[0.0] * 12),)
SILENT = (
    synthetic("tiny steps", approx_kl_mean=[1e-9, 2e-9, 1e-9, 1e-9] * 3),
    synthetic("one update moved it", approx_kl_last=[0.0] * 11 + [1e-4]),
)
