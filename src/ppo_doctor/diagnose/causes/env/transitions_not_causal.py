"""The stored next state is not the one that followed.

What it is
Steps of several environments, agents or episodes are shuffled together before advantages are computed, or the reward
and the next observation belong to another stream. What looks like a trajectory is not one.

How it looks
The critic cannot predict returns from states, explained variance stays near zero however long it trains; advantages
are noise; the return is flat.

What it is confused with
With agents-interleaved, its special case. With observation-uninformative, where the trajectory is right but the state
does not tell. With gae-leak, where only episode borders are wrong.

How to confirm
Recompute the advantages from what really followed (`gae_error`). Where next observations are stored, each is the next
stored one of its stream (`transition_gap_frac` zero). If the environment itself jumps, no action shows in what follows.

What to do
Keep one axis for time and one for streams; flatten only after the advantages are computed.

References
Stable-Baselines3 issue 2240 and relatives; buffers filled by several workers.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.5,
    course="flat",
    predicts={
        "often": (
            "static-outcomes",
            "reward-unreached",
            "no-headroom",
            "reference-beaten",
            "reference-below-random",
            "transitions-broken",
            "explained-variance-low",
            "gradient-is-noise",
            "action-ignored",
            "observation-is-noise",
            "critic-blind",
        ),
        "sometimes": (
            "observation-noise-large",
            "reward-term-dominates",
            "outcome-fixed",
            "reward-misaligned",
            "ends-do-not-match",
            "advantage-mismatch",
            "critic-constant",
            "discount-on-bandit",
            "reward-ignores-actions",
            "reward-terms-ignore-actions",
            "only-timeouts",
            "reward-constant",
            "reward-sparse",
        ),
        "never": (
            "state-frozen",
            "observation-constant",
        ),
    },
    confirm="gae_recompute",
    remedies=(
        Remedy(
            "Keep time and streams on separate axes until advantages are computed",
            "a difference between two strangers is no advantage",
            confirm="gae_recompute",
            verify="explained_variance rises",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "the chain is broken",
        transition_gap_frac=0.4,
        explained_variance=[0.01, -0.02, 0.0, 0.02] * 5,
        mean_ep_return=[22.0, 21.0, 22.5, 21.5] * 5,
    ),
)
