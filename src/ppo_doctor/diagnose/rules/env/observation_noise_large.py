"""ENV114 observation-noise-large."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("ENV114", severity="warning")
def observation_noise_large(
    obs_noise_ratio: float, observation_predicts_action: float | None = None, *, limit: float = 1.0, whole: float = 1e6
) -> list[Finding]:
    """The noise added to the observation is as large as what it hides.

    Looks at
    The probe's ratio of the noise's standard deviation to the feature's own, above `limit` and below `whole`, which
    stands for an observation that is noise and nothing else (ENV136 `observation-is-noise`).

    Why it matters
    Noise for privacy is paid for in utility. At a ratio of one, half of the variance the policy sees is noise, each
    step anew; no setting of the learner wins that back.

    When it is wrong
    Where the same quantity is seen many times, a policy with memory can average the noise away.

    What to do
    State the privacy budget over all releases, and see what noise it really needs: clip the features to their true
    sensitivity and use the analytic Gaussian mechanism.

    References
    Balle & Wang 2018, Improving the Gaussian Mechanism for Differential Privacy.
    """
    if not limit < obs_noise_ratio < whole:
        return []
    evidence = [given("obs_noise_ratio", obs_noise_ratio, ">", limit)]
    if observation_predicts_action is not None:
        evidence.append(given("observation_predicts_action", observation_predicts_action))
    return [Finding("What decides drowns in added noise.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Clip features to the range that matters before adding noise, and recompute the noise",
        "noise must only cover the sensitivity that is left",
        confirm="observability",
        verify="obs_noise_ratio falls and observation_predicts_action rises",
    ),
    Remedy(
        "Re-use the noised vector of a state instead of drawing it again",
        "each release spends budget, and budget is what the noise pays for",
        verify="obs_noise_ratio falls at the same budget",
    ),
)

FIRES = (
    synthetic("drowned", obs_noise_ratio=1.9),
    synthetic("nothing left", obs_noise_ratio=5.0, observation_predicts_action=0.02),
)
SILENT = (
    synthetic("a little noise", obs_noise_ratio=0.3),
    synthetic("none", obs_noise_ratio=0.0),
    synthetic("nothing beneath it", obs_noise_ratio=1e6),
)
