"""Nothing does better than random play, so that there is nothing to learn.

What it is
The best known policy, search included, earns what random actions earn: the task is too easy, too hard, already
decided by chance, or its metric is insensitive. The run is right to stay where it is.

How it looks
The return is flat at the level of random play and of every baseline. Entropy stays near its maximum, as it should:
all actions are equally good. Advantages are noise, the halves of a batch disagree.

What it is confused with
With reward-ignores-decisions: there a better policy exists for the real aim, but the reward does not pay it; the
action influence on the return tells (zero there, positive but useless here). With observation-uninformative: there
the best action exists, but cannot be seen. With a broken learner: a baseline above random play refutes no-headroom.

How to confirm
Measure random play, every baseline and a short random-shooting search on the same seeds: `headroom` below half a
standard deviation of random episodes.

What to do
Change the task, not the learner: raise the load, lengthen episodes, make decisions consequential, or choose a metric
that sees them. If random play is good enough, stop.

References
Agarwal et al. 2021 on scores relative to random and reference play; Furuta et al. 2021 on solvability without
training.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=5.0,
    course="flat",
    predicts={
        "always": (
            "reference-no-better",
            "no-headroom",
        ),
        "often": (
            "gradient-is-noise",
            "reward-terms-ignore-actions",
            "outcome-fixed",
            "critic-learns-in-vain",
            "static-outcomes",
            "entropy-at-maximum",
        ),
        "sometimes": (
            "reward-unreached",
            "updates-too-small",
            "explained-variance-low",
            "policy-ignores-state",
            "constant-action-pays",
            "observation-uninformative",
            "action-effect-small",
            "constant-action-optimal",
            "action-ignored",
            "reward-ignores-actions",
            "gradient-zero",
            "advantages-zero",
            "workload-fixed",
            "no-choice",
            "critic-blind",
            "returns-hardly-vary",
        ),
        "rarely": (
            "policy-still",
            "rewarded-return-falls",
            "episode-return-zero",
            "one-decision",
        ),
        "never": (
            "reference-below-random",
            "reward-needs-skill",
            "below-baseline",
            "still-improving",
            "return-lost",
            "observation-constant",
            "observation-stale",
            "observation-noise-large",
            "effects-unseen",
            "state-frozen",
            "every-step-terminal",
            "ends-do-not-match",
            "mask-mismatch",
            "one-step-episodes",
            "critic-learns-alone",
        ),
    },
    confirm="headroom",
    remedies=(
        Remedy("Raise the load or the length of episodes", "decisions only matter under pressure", confirm="headroom"),
        Remedy("Choose a metric that decisions can move", "an insensitive one has no headroom by construction"),
    ),
)

EXAMPLES = (
    synthetic(
        "no policy beats chance",
        eval_mean_return=[20.0, 20.4, 19.8, 20.1, 20.2, 19.9, 20.0, 20.3],
        random_return=20,
        random_return_std=2,
        headroom=0.05,
        action_influence_state=1.0,
        action_influence_return=0.3,
    ),
)
