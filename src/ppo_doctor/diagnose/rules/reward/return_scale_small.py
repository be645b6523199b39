"""REW103 return-scale-small."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import median, need, stalled
from ppo_doctor.run import Series, synthetic


@rule("REW103", severity="warning", instead={"eval_mean_return": ("mean_ep_return",)})
def return_scale_small(
    return_std: Series,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    adam_eps: float | None = None,
    normalize_targets: float | None = None,
    normalize_reward: float | None = None,
    reward_max: Series | None = None,
    reward_min: Series | None = None,
    *,
    limit: float = 0.02,
    least: int = 8,
) -> list[Finding]:
    """Returns differ by so little that loss and optimiser cannot see it.

    Looks at
    The standard deviation of the critic's targets: positive, its median below `limit`, over `least` updates, on a run
    whose return is stuck; or below the optimiser's epsilon, where that is known and nothing is normalised: the critic
    then hardly moves whatever the return does. Single rewards above `limit` make it a rare reward, not a small one.

    Why it matters
    The value gradient comes near the optimiser's epsilon, where steps shrink with it. Advantages that are not
    standardised vanish beside the entropy bonus.

    When it is wrong
    With standardised advantages and targets the scale hardly matters. Where rewards themselves were not recorded, one
    that is nearly never paid has a small spread too: see how often it occurs.

    What to do
    Multiply rewards until returns differ by about one.

    References
    rl-starter-files issue 30: rewards times ten cured it; Henderson et al. 2018 on reward scale.
    """
    need(return_std, int(least))
    if not 0.0 < median(return_std) < limit:
        return []
    if any(one is not None and len(one) and abs(one.value).max() > limit for one in (reward_max, reward_min)):
        return []
    evidence = [seen(return_std, median(return_std), "median", "<", limit, hits=return_std.value < limit)]
    meaning = "The differences that matter are smaller than what the optimiser resolves."
    if adam_eps is not None and median(return_std) < adam_eps and not (normalize_targets or normalize_reward):
        return [Finding(meaning, (*evidence, given("adam_eps", adam_eps)), REMEDIES)]
    come = stalled("returns are tiny", eval_mean_return, random_return, best_baseline_return, random_return_std)
    if come is None:
        return []
    evidence.append(come.evidence)
    if adam_eps is not None:
        evidence.append(given("adam_eps", adam_eps))
    return [Finding(meaning, tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Multiply the reward until returns differ by about one, or normalise it",
        "gradients then lie well above the optimiser's epsilon",
        verify="return_std is about one and explained_variance rises",
        change={"normalize_reward": "true"},
    ),
)

_FLAT: Any = {"eval_mean_return": [0.010, 0.011, 0.012, 0.010] * 3}
FIRES = (
    synthetic("a hundredth at most", return_std=[0.003] * 12, adam_eps=1e-5, **_FLAT),
    synthetic("below the optimiser's epsilon", return_std=[1e-6] * 12, adam_eps=1e-5, normalize_targets=0),
)
SILENT = (
    synthetic("rare, not small", return_std=[0.003] * 12, reward_max=[0.0] * 11 + [1.0], **_FLAT),
    synthetic("of order one", return_std=[0.8] * 12, **_FLAT),
    synthetic("small and learns", return_std=[0.003] * 12, eval_mean_return=[0.001 * k for k in range(12)]),
    synthetic("all returns equal", return_std=[0.0] * 12, **_FLAT),
)
