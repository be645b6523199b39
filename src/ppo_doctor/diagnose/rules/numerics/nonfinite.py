"""NUM101 nonfinite."""

from __future__ import annotations

import math

import numpy as np

from ppo_doctor import signals
from ppo_doctor.diagnose.finding import Evidence, Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.run import Run, Series, synthetic


@rule("NUM101", severity="critical", sees_nonfinite=True)
def nonfinite(run: Run, *, shown: int = 4) -> list[Finding]:
    """A recorded quantity became NaN or infinite.

    Looks at
    Every series, and the counts of non-finite entries in rollout, losses and gradients (`nonfinite_count` and its parts
    by tensor). Names the earliest, at most `shown` of them: the first tensor to break is the cause, the rest follow.

    Why it matters
    One NaN in a gradient makes every weight NaN. A trainer that refuses the update survives it, but learns nothing from
    that data, and what broke will break again.

    When it is wrong
    Signals that are undefined by nature (no episode ended; explained variance of constant returns) are left out. A
    foreign log may write NaN for "not measured"; its reader should leave such cells out instead.

    What to do
    Look at the environment's observation and reward first: division by zero, logarithm of zero, an unbounded state.
    Only then at the learning rate.

    References
    Huang et al. 2022, The 37 Implementation Details of PPO.
    """
    series = {name: one for name, one in run.all_series().items() if signals.known(name)}
    if not any(len(one) for one in series.values()):
        raise Undecided("no series was recorded")
    found = sorted(filter(None, (_first_fault(one) for one in series.values())), key=_spread_order)
    if not found:
        return []
    meaning = "A quantity is not a number, or infinite; everything computed from it is lost."
    return [Finding(meaning, tuple(found[: int(shown)]), REMEDIES)]


def _first_fault(series: Series) -> Evidence | None:
    counts = series.name.startswith("nonfinite") or series.name == "refused"
    if signals.lookup(series.name).undefined:
        return None
    bad = ~np.isfinite(series.value) | (counts & (series.value > 0))
    if not bad.any():
        return None
    return seen(series, series.value[int(np.argmax(bad))], "first", hits=bad)


def _spread_order(evidence: Evidence) -> tuple[int, bool]:
    return (evidence.steps or (0, 0))[0], not evidence.signal.startswith("nonfinite/")


REMEDIES = (
    Remedy(
        "Check the environment for values that are not finite or grow without bound",
        "bad data enters with observations and rewards, and no setting of the learner cures it",
        verify="nonfinite_count stays zero",
    ),
    Remedy(
        "Halve the learning rate, and keep the gradient-norm clip on",
        "if observations and rewards are finite, a step too large has blown up the weights",
        verify="grad_norm stays bounded",
        change={"learning_rate": "x0.5", "max_grad_norm": "0.5"},
    ),
)

FIRES = (
    synthetic("the loss breaks", v_loss=[1.0, math.nan, math.nan], grad_norm=[1.0, 1.0, math.inf]),
    synthetic("a refused update", nonfinite_count=[0, 3, 0], nonfinite={"reward": [0, 3, 0]}, refused=[0, 1, 0]),
)
SILENT = (
    synthetic("all finite", v_loss=[1.0, 0.5, 0.4], nonfinite_count=[0, 0, 0], refused=[0, 0, 0]),
    synthetic("no episode ended yet", v_loss=[1.0, 0.5], mean_ep_return=[math.nan, 3.0]),
    synthetic("constant returns", v_loss=[0.0, 0.0], explained_variance=[-math.inf, math.nan]),
)
