"""POL102 entropy-collapse."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import entropy_ceiling, median, need, progress, tail
from ppo_doctor.run import Series, synthetic


@rule(
    "POL102",
    severity="warning",
    instead={"entropy_frac": ("entropy",), "eval_mean_return": ("mean_ep_return",)},
)
def entropy_collapse(
    entropy_frac: Series,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    log_std_mean: Series | None = None,
    n_actions: float | None = None,
    masked: float | None = None,
    *,
    limit: float = 0.05,
    least: int = 6,
) -> list[Finding]:
    """The policy became almost deterministic before it became good.

    Looks at
    The median entropy of the last quarter, forced states left out: below `limit` of its maximum (of its start, where
    that is unknown), of `least` points at least; and how far the return came.

    Why it matters
    Without exploration there is nothing new in the data: the policy stays where it is.

    When it is wrong
    Low entropy is what a solved task looks like, so a run that stands at the best baseline or still rises is clean.
    Where the return did rise but no baseline says how far it could go, the rule is undecided.

    What to do
    See when. At the first update: saturated logits. Later: the learning rate, or an advantage that favours by accident.

    References
    Mnih et al. 2016; Ahmed et al. 2019, Understanding the Impact of Entropy on Policy Optimization.
    """
    need(entropy_frac, int(least), "points")
    late, bar = tail(entropy_frac), limit * entropy_ceiling(entropy_frac, n_actions, masked, log_std_mean)[0]
    if median(late) >= bar:
        return []
    if eval_mean_return is None:
        raise Undecided("entropy is low, but no return was recorded: a solved task looks the same")
    come = progress(eval_mean_return, random_return, best_baseline_return, random_return_std)
    if come.at_par or come.rising:
        return []
    if come.learnt and come.headroom is None:
        raise Undecided("entropy is low and the return did rise: without a baseline this may be the optimum")
    low = seen(late, median(late), "median of the last quarter", "<", bar, hits=late.value < bar)
    return [Finding("The policy has stopped exploring although it is not good yet.", (low, come.evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Look at the first update: if entropy is low there already, shrink the policy's output layer",
        "saturated logits at initialisation cannot be trained out of in reasonable time",
    ),
    Remedy(
        "Halve the learning rate",
        "steps too large commit the policy to whatever the first rollouts favoured",
        verify="entropy_frac falls later, and the return rises meanwhile",
        change={"learning_rate": "x0.5"},
    ),
    Remedy(
        "Hold a floor under the entropy",
        "the coefficient then adapts itself instead of being guessed",
        change={"entropy_floor": "0.2"},
    ),
)

_REFERENCES = {"random_return": 10, "best_baseline_return": 100}
_COLLAPSED = [0.9, 0.5, 0.1] + [0.01] * 13
FIRES = (
    synthetic("collapsed, return flat", entropy_frac=_COLLAPSED, eval_mean_return=[10.0, 11.0, 9.0, 10.0] * 4),
    synthetic(
        "collapsed half way",
        entropy_frac=_COLLAPSED,
        eval_mean_return=[10.0, 20.0, 40.0, 49.0] + [50.0, 51.0, 50.0, 49.0] * 3,
        **_REFERENCES,
    ),
)
SILENT = (
    synthetic(
        "solved",
        entropy_frac=_COLLAPSED,
        eval_mean_return=[10.0, 60.0, 90.0] + [100.0] * 13,
        **_REFERENCES,
    ),
    synthetic("still explores", entropy_frac=[0.9, 0.6, 0.4, 0.3] * 4, eval_mean_return=[10.0] * 16),
)
