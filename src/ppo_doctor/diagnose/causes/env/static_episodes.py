"""Every episode is the same instance.

What it is
Workload, start state or arrivals are fixed, or the simulator never really restarts with a new seed. What is learnt
holds for that instance; on any other the policy may fail.

How it looks
Training looks easy and fine: the return rises, and at last is equal to the last digit. Where the outcome does not
depend on the decisions either, it is equal from the start, advantages and explained variance are undefined, and the
gradient is zero or noise.

What it is confused with
With healthy: the training curve cannot tell, only play on other seeds. With action-ignored and no-headroom, where
nothing that is done changes anything: here decisions count, but the instance is always one.
With state-frozen: there even the steps are alike. With reward-constant: there episodes differ, the pay does not.

How to confirm
Play the same actions on two seeds: `workload_varies` zero. Then evaluate on instances of other seeds.

What to do
Draw arrivals, sizes and start states from the seed of the episode; check that reset passes the seed on.

References
Cobbe et al. 2020 on training on few instances; schedulers whose arrivals were generated once.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=1.0,
    course="any",
    predicts={
        "always": ("workload-fixed",),
        "sometimes": (
            "entropy-at-maximum",
            "static-outcomes",
            "gradient-zero",
            "advantages-zero",
            "constant-action-pays",
            "critic-learns-in-vain",
            "returns-hardly-vary",
        ),
        "rarely": (
            "no-headroom",
            "reward-constant",
            "observation-constant",
        ),
        "never": (
            "action-ignored",
            "state-frozen",
            "reward-ignores-actions",
            "one-step-episodes",
        ),
    },
    confirm="workload_variation",
    remedies=(
        Remedy(
            "Draw a new instance on every reset",
            "a policy can only learn what varies",
            confirm="workload_variation",
            verify="workload_varies rises",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "equal returns under exploration", mean_ep_return=[37.0] * 16, entropy_frac=[0.99] * 16, workload_varies=0.0
    ),
)
