"""A time limit is treated as the end of the task.

What it is
Truncation is reported, or stored, as termination: the value after the limit is taken to be zero although the task
would go on. States near the limit look bad for no reason they can show.

How it looks
Learning is slower and settles lower, most of all in long tasks that only ever end by time; the critic is biased near
the limit, explained variance stays mediocre. Nothing else looks wrong.

What it is confused with
With no-bootstrap, where the flag is right but the learner ignores it. With discount-too-high, whose critic also fails
near the end. With observation-uninformative: putting the time left into the observation cures both.

How to confirm
Compare the share of ends by limit with the share stored as truncated; recompute advantages with a bootstrap at the
limit.

What to do
Report truncation as truncation and bootstrap from the last observation; or show the time left to the agent.

References
Pardo et al. 2018, Time Limits in Reinforcement Learning; cleanrl issue 198, ikostrikov 14f3ac1.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=1.0,
    course="poor",
    predicts={
        "always": ("timeout-as-terminal",),
        "sometimes": (
            "explained-variance-low",
            "value-bias",
        ),
    },
    confirm="episode_ends",
    remedies=(
        Remedy(
            "Report the limit as truncation and bootstrap there",
            "the task would have gone on",
            confirm="episode_ends",
            verify="truncated_frac is no longer zero",
        ),
        Remedy("Show the time left", "then the value at the limit really is known"),
    ),
)

EXAMPLES = (
    synthetic(
        "ends exactly at the limit",
        terminated_frac=[0.005] * 12,
        truncated_frac=[0.0] * 12,
        mean_ep_length=[200.0] * 12,
        timeout_share=0.9,
    ),
)
