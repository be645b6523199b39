"""CFG118 adam-epsilon-large."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import median, need
from ppo_doctor.run import Series, synthetic


@rule("CFG118", severity="warning", instead={"approx_kl_mean": ("approx_kl_last",)})
def adam_epsilon_large(
    adam_eps: float, approx_kl_mean: Series, *, limit: float = 0.01, kl: float = 1e-4, least: int = 8
) -> list[Finding]:
    """Adam's epsilon is so large that it shrinks every step.

    Looks at
    Adam's epsilon, above `limit`, together with the median KL per update, below `kl`, over `least` updates.

    Why it matters
    A step is the rate times gradient over (its root mean square plus epsilon). Single weights have gradients of a
    thousandth under the usual norm clip of a half, so that an epsilon above that divides the learning rate.

    When it is wrong
    With gradients that large that they outweigh it; the KL is then not small.

    What to do
    Use a hundred-thousandth, PPO's usual value, and set the step with the learning rate.

    References
    Kingma & Ba 2015; Huang et al. 2022, detail 3.
    """
    need(approx_kl_mean, int(least))
    if adam_eps <= limit or median(approx_kl_mean) >= kl:
        return []
    small = seen(approx_kl_mean, median(approx_kl_mean), "median", "<", kl, hits=approx_kl_mean.value < kl)
    return [
        Finding(
            "The step is not what the learning rate says.", (given("adam_eps", adam_eps, ">", limit), small), REMEDIES
        )
    ]


REMEDIES = (
    Remedy(
        "Set Adam's epsilon to a hundred-thousandth",
        "steps are then about the learning rate per weight",
        verify="approx_kl_mean rises towards a hundredth",
        change={"adam_eps": "1e-5"},
    ),
)

FIRES = (synthetic("epsilon of one", adam_eps=1.0, approx_kl_mean=[1e-8] * 12),)
SILENT = (
    synthetic("usual", adam_eps=1e-5, approx_kl_mean=[1e-8] * 12),
    synthetic("large, and moves", adam_eps=1.0, approx_kl_mean=[5e-3] * 12),
)
