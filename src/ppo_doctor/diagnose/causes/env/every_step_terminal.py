"""Every step ends its episode.

What it is
The end flag is always true, or every decision was declared an episode of its own although decisions have
consequences.

How it looks
Segments are one step long (or few, where only some steps are marked), returns equal rewards, the critic predicts only
the next reward, and all values of gamma and lambda give the same. More ends are stored than episodes finish, or actions
change what is seen after the supposed end.

What it is confused with
With a true bandit, where that is right: there nothing that is seen after the step depends on the action, and gamma
should be zero. With done-flag-lost, its opposite. With metric mistakes: a mean length of one may be a logging fault.

How to confirm
Count the ends in a random rollout and compare with the task's own definition.

What to do
Return the end flag only when the task is over; check the order of the returned tuple.

References
Gymnasium's step interface: terminated and truncated are two flags.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.7,
    course="any",
    predicts={
        "always": ("every-step-terminal",),
        "often": (
            "one-step-episodes",
            "ends-invented",
            "targets-hardly-vary",
            "rewarded-return-falls",
            "static-outcomes",
            "reward-constant",
        ),
        "sometimes": (
            "reference-beaten",
            "reference-below-random",
            "reward-unreached",
            "outcome-fixed",
            "no-headroom",
            "returns-hardly-vary",
            "explained-variance-low",
            "constant-action-pays",
            "discount-on-bandit",
            "reward-sparse",
            "reward-ignores-actions",
            "reward-terms-ignore-actions",
            "ends-do-not-match",
            "return-flat",
            "not-above-random",
            "below-baseline",
            "critic-learns-in-vain",
            "one-decision",
        ),
        "rarely": ("timeout-as-terminal",),
        "never": (
            "done-flag-lost",
            "no-episode-ends",
            "only-timeouts",
        ),
    },
    confirm="episode_ends",
    remedies=(
        Remedy(
            "Set the end flag only when the task is over",
            "nothing that comes later can be credited",
            confirm="episode_ends",
            verify="mean_segment_length grows",
        ),
    ),
)

EXAMPLES = (
    synthetic("segments of one step", mean_segment_length=[1.0] * 12, mean_ep_return=[0.4, 0.41, 0.39, 0.4] * 3),
)
