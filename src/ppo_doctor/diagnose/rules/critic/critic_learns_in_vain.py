"""VAL107 critic-learns-in-vain."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import after, median, need, stalled, tail
from ppo_doctor.run import Series, synthetic


@rule(
    "VAL107",
    severity="info",
    instead={
        "approx_kl_mean": ("approx_kl_last",),
        "eval_sampled_mean_return": ("mean_ep_return", "eval_mean_return"),
    },
)
def critic_learns_in_vain(
    explained_variance: Series,
    approx_kl_mean: Series,
    eval_sampled_mean_return: Series,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    explained: float = 0.3,
    moves: float = 1e-5,
    least: int = 10,
) -> list[Finding]:
    """The critic learns, the policy moves, and the return stays where it was.

    Looks at
    The median explained variance of the last half, after three updates, above `explained`; a KL above `moves` in some
    update; a return that is stuck. Needs `least` updates.

    Why it matters
    A critic that explains returns proves that observation, reward and step are in order. Then what the policy does is
    not what is paid: the action is ignored or another one is executed, its advantage is turned or belongs to another
    row, or what pays lies beyond the horizon.

    When it is wrong
    A task without headroom looks just so. So does one whose returns depend on the start much more than on the play.

    What to do
    Probe whether actions change the next state and the return, before any setting of the learner.

    References
    Schulman 2016, Nuts and Bolts; Andy Jones, Debugging Reinforcement Learning Systems Without The Agonizing Pain.
    """
    late = tail(after(explained_variance, 3), 0.5)
    need(explained_variance, int(least))
    need(approx_kl_mean, int(least))
    level = median(late)
    if median(approx_kl_mean) <= moves or level <= explained:
        return []
    references = (random_return, best_baseline_return, random_return_std)
    come = stalled("the critic learns", eval_sampled_mean_return, *references)
    if come is None:
        return []
    evidence = (
        seen(late, level, "median of the last half", ">", explained, hits=late.value > explained),
        seen(approx_kl_mean, median(approx_kl_mean), "median", ">", moves),
        come.evidence,
    )
    return [Finding("Returns are predicted well, and decisions do not raise them.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Replay one start with different actions, and compare states and returns",
        "if they agree, no learner can do anything",
        confirm="action_influence",
        verify="most starts lead elsewhere",
    ),
    Remedy("Recompute the advantages of one rollout", "a turned or shifted advantage is the next suspect"),
)

FIRES = (
    synthetic(
        "predicts, cannot steer",
        explained_variance=[0.0, 0.2, 0.4, 0.5] + [0.55] * 8,
        approx_kl_mean=[3e-4] * 12,
        mean_ep_return=[22.0, 21.0, 22.5, 21.5] * 3,
    ),
)
SILENT = (
    synthetic(
        "learns",
        explained_variance=[0.0, 0.2, 0.4, 0.5] + [0.55] * 8,
        approx_kl_mean=[0.01] * 12,
        mean_ep_return=[22.0, 40.0, 90.0, 150.0, 190.0, 200.0, 199.0, 200.0, 200.0, 199.0, 200.0, 200.0],
    ),
    synthetic(
        "predicts nothing",
        explained_variance=[0.0, 0.01, -0.01, 0.0] * 3,
        approx_kl_mean=[3e-4] * 12,
        mean_ep_return=[22.0, 21.0, 22.5, 21.5] * 3,
    ),
)
