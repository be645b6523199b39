"""REW102 return-scale-large."""

from __future__ import annotations

from typing import Any

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import after, aligned, median, need, tail
from ppo_doctor.run import Series, synthetic


@rule("REW102", severity="warning")
def return_scale_large(
    v_loss: Series,
    explained_variance: Series,
    normalize_targets: float | None = None,
    normalize_reward: float | None = None,
    *,
    limit: float = 10.0,
    explained: float = 0.05,
    share: float = 0.8,
    warmup: int = 3,
    least: int = 10,
) -> list[Finding]:
    """Returns are so large that the critic spends the run moving its mean.

    Looks at
    The root of twice the value loss, which is the size of the critic's error [return]: its median over the last half
    above `limit`, while explained variance is below `explained` in more than `share` of the updates after the first
    `warmup`. Needs `least` of these. No value loss is large by itself: a critic that explains is fine at any scale.

    Why it matters
    A network moves its output by about its learning rate per step. Hundreds take it thousands of steps, meanwhile the
    advantage is the raw return, and with a shared trunk or clip the policy gets what the value loss leaves.

    When it is wrong
    Returns that cannot be predicted from the observation leave the explained variance at zero at any scale.

    What to do
    Divide rewards by the running spread of the discounted return, or standardise the targets. Never shift rewards of a
    task whose end the agent can bring about.

    References
    van Hasselt et al. 2016 (PopArt); Andrychowicz et al. 2021, value-function normalisation; stable-baselines3 issue
    2240.
    """
    explains, loss = aligned(after(explained_variance, int(warmup)), v_loss)
    need(explains, int(least), f"updates after the first {warmup:g}")
    late = tail(loss, 0.5)
    error = float(np.sqrt(2.0 * max(median(late), 0.0)))
    low = explains.value < explained
    if error <= limit or low.mean() <= share:
        return []
    evidence = [seen(late, median(late), "median of the last half", ">", 0.5 * limit**2)]
    evidence.append(seen(explains, median(explains), "median", "<", explained, hits=low))
    switches = {"normalize_targets": normalize_targets, "normalize_reward": normalize_reward}
    evidence += [given(name, value) for name, value in switches.items() if value is not None]
    return [
        Finding(
            "The critic chases the size of the returns and explains none of their differences.",
            tuple(evidence),
            REMEDIES,
        )
    ]


REMEDIES = (
    Remedy(
        "Standardise the value targets, or divide rewards by the running spread of the discounted return",
        "targets of order one are within reach of the first updates",
        verify="explained_variance rises within a few updates",
        change={"normalize_targets": "true", "normalize_reward": "true"},
    ),
    Remedy(
        "Test whether the observation predicts the return at all",
        "if it does not, no scale helps",
        confirm="observability",
    ),
)

_EV: Any = {"explained_variance": [-0.004, 1e-6, -1e-5, 2e-6] * 4}
FIRES = (synthetic("costs of hundreds", v_loss=[5450.0, 12_000.0, 2_000.0, 400.0] * 4, **_EV),)
SILENT = (
    synthetic("large and explained", v_loss=[5450.0] * 16, explained_variance=[0.0] + [0.8] * 15),
    synthetic("small and unexplained", v_loss=[0.4] * 16, **_EV),
)
