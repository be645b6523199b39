"""A reported metric covers a small part of what it stands for.

What it is
The window holds the last few steps or events of an episode or day. Numbers jump, and totals do not add up.

How it looks
The metric swings while the return is steady, or is perfect for no reason; counts are below those of the data.

What it is confused with
With running-average-as-percentile, where one number is shown as another. With few evaluation episodes.

How to confirm
Compare the window with the rollout or episode: `metric_window_share` small.

What to do
Accumulate over the episode, or report the window beside the number.

References
Case study of event triage with a window of 48 steps.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.5,
    course="fine",
    innocent=True,
    predicts={
        "always": ("metric-window-short",),
        "sometimes": ("few-episodes-per-point",),
    },
    confirm=None,
    remedies=(
        Remedy(
            "Accumulate over the whole episode",
            "a window is a sample, and a small one",
            verify="metric_window_share is one",
        ),
    ),
)

EXAMPLES = (synthetic("a window of a hundredth", metric_window_share=0.01),)
