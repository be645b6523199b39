"""VAL102 critic-constant."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import after, median, need
from ppo_doctor.run import Series, synthetic


@rule("VAL102", severity="warning")
def critic_constant(
    explained_variance: Series,
    v_loss: Series | None = None,
    ev_ceiling: float | None = None,
    *,
    limit: float = 0.01,
    share: float = 0.9,
    warmup: int = 3,
    least: int = 10,
) -> list[Finding]:
    """The critic predicts the same for every state, all of the time.

    Looks at
    The explained variance after the first `warmup` updates: within `limit` of zero in more than `share` of them, of
    which there must be `least`. Exactly zero needs returns that vary and a prediction that does not: equal returns give
    no explained variance or a strongly negative one, and a critic that errs gives one that scatters.

    Why it matters
    The advantage is the raw return with all its noise. A detached critic, a wrong head, a value clip that is far too
    narrow, huge returns, or an observation that says nothing: it separates none of these, but names the symptom.

    When it is wrong
    If the return cannot be predicted from the observation (a ceiling near zero), a constant is the best prediction.

    What to do
    See whether the value loss falls: if it does, the critic is moving its mean; if not, it gets no gradient.

    References
    Schulman 2016; stable-baselines issue 75; ray issue 19291.
    """
    judged = after(explained_variance, int(warmup))
    need(judged, int(least), f"updates after the first {warmup:g}")
    near = abs(judged.value) <= limit
    if near.mean() <= share:
        return []
    if ev_ceiling is not None and ev_ceiling <= limit:
        raise Undecided("a constant is the best prediction here: no critic can explain the returns")
    evidence = [seen(judged, median(judged), "median", "<=", limit, hits=near)]
    if v_loss is not None and len(v_loss):
        evidence += [seen(v_loss, v_loss.value[0], "first"), seen(v_loss, v_loss.value[-1], "last")]
    return [Finding("The critic has no opinion on any state.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Train the critic alone on one stored rollout",
        "if it fits that, it works and the targets or the step are wrong; if not, its gradient or its input is",
    ),
    Remedy(
        "Standardise the value targets",
        "a mean of hundreds is out of reach for many updates",
        verify="explained_variance leaves zero",
        change={"normalize_targets": "true"},
    ),
    Remedy(
        "Test whether the observation predicts the return at all",
        "no critic beats the ceiling that hidden information sets",
        confirm="observability",
    ),
)

FIRES = (synthetic("a constant", explained_variance=[-0.4, -0.01] + [1e-6, -1e-5, 3e-7] * 5, v_loss=[400.0] * 17),)
SILENT = (
    synthetic("learns", explained_variance=[-0.4, 0.0] + [0.1, 0.3, 0.5] * 5),
    synthetic("solved: equal returns", explained_variance=[0.0, 0.3, 0.6] + [-4.0, -90.0, -0.5] * 5),
    synthetic("scatters around zero", explained_variance=[0.0] * 3 + [0.1, -0.2, 0.05] * 5),
)
