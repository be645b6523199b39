"""VAL108 critic-blind."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import after, median, need, stalled, tail
from ppo_doctor.run import Series, synthetic


@rule(
    "VAL108",
    severity="info",
    instead={
        "approx_kl_mean": ("approx_kl_last",),
        "eval_sampled_mean_return": ("mean_ep_return", "eval_mean_return"),
    },
)
def critic_blind(
    explained_variance: Series,
    approx_kl_mean: Series,
    eval_sampled_mean_return: Series,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    near: float = 0.1,
    moves: float = 1e-5,
    least: int = 10,
) -> list[Finding]:
    """The policy moves, but nothing predicts the returns, and they do not rise.

    Looks at
    The median explained variance of the last half, after three updates, within `near` of zero; a median KL of the
    run above `moves`, so that a policy which froze does not count; a return that is stuck. Needs `least` updates.
    Returns that hardly vary are another matter: they make the explained variance strongly negative, not zero.

    Why it matters
    Standardised advantages move the policy even if they are pure noise. A critic at zero says which noise: what is
    observed does not tell what will be paid, or the critic cannot learn it.

    When it is wrong
    On the way to the first success. Where returns depend on later chance only, a ceiling near zero is normal.

    What to do
    Regress returns on observations outside of the learner: if that fails too, it is the environment.

    References
    Schulman 2016, Nuts and Bolts; Andrychowicz et al. 2021, sections on value functions.
    """
    late = tail(after(explained_variance, 3), 0.5)
    need(explained_variance, int(least))
    need(approx_kl_mean, int(least))
    level = median(late)
    if median(approx_kl_mean) <= moves or abs(level) > near:
        return []
    references = (random_return, best_baseline_return, random_return_std)
    come = stalled("the critic explains nothing", eval_sampled_mean_return, *references)
    if come is None:
        return []
    evidence = (
        seen(late, level, "median of the last half", "<=", near, hits=abs(late.value) <= near),
        seen(approx_kl_mean, median(approx_kl_mean), "median", ">", moves),
        come.evidence,
    )
    return [Finding("The policy moves by noise, since nothing seen predicts what is paid.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Predict returns from observations outside of the learner",
        "it tells an observation without information from a critic that does not learn",
        verify="the best predictor found scores above zero",
    ),
    Remedy("Print ten observations with their rewards", "a blank, stale or mixed-up observation is seen at once"),
)

FIRES = (
    synthetic(
        "noise",
        explained_variance=[0.0, 0.01, -0.01, 0.0] * 3,
        approx_kl_mean=[3e-4] * 12,
        mean_ep_return=[22.0, 21.0, 22.5, 21.5] * 3,
    ),
)
SILENT = (
    synthetic(
        "learns without a critic",
        explained_variance=[0.0, 0.01, -0.01, 0.0] * 3,
        approx_kl_mean=[0.01] * 12,
        mean_ep_return=[22.0, 40.0, 90.0, 150.0, 190.0, 200.0, 199.0, 200.0, 200.0, 199.0, 200.0, 200.0],
    ),
    synthetic(
        "never moved",
        explained_variance=[0.0, 0.01, -0.01, 0.0] * 3,
        approx_kl_mean=[1e-9] * 12,
        mean_ep_return=[22.0, 21.0, 22.5, 21.5] * 3,
    ),
)
