"""The greedy policy fails where the sampled one works.

What it is
The policy was trained to act at random where that helps, breaks ties by noise, or is still spread out: its most
probable action everywhere is poor.

How it looks
Sampled returns are well above greedy ones; the greedy action is nearly constant; entropy is high.

What it is confused with
With normalisation-not-synced, where sampled evaluation fails too. With observation-uninformative: a hidden state
makes random policies optimal.

How to confirm
Evaluate both on the same seeds.

What to do
Report the sampled policy, or train until it is decided; lower the entropy bonus late.

References
Stable-Baselines3 issue 1063 (1500 against 400); Singh et al. 1994 on stochastic policies under aliasing.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=2.0,
    course="any",
    hidden=True,
    predicts={
        "always": ("greedy-below-sampled",),
        "sometimes": (
            "greedy-constant",
            "evaluation-does-not-follow",
            "return-flat",
            "entropy-coefficient-high",
            "not-above-random",
            "below-baseline",
            "reference-learner-helps",
        ),
    },
    confirm=None,
    remedies=(
        Remedy(
            "Evaluate sampled and greedy on the same seeds, and report which",
            "they are two policies",
            verify="eval_sampled_mean_return and eval_mean_return agree",
        ),
        Remedy("Let the entropy coefficient decay", "the policy then decides", change={"ent_coef": "linear to 0"}),
    ),
)

EXAMPLES = (
    synthetic(
        "sampled learns, greedy does not",
        mean_ep_return=[20.0, 60.0, 100.0, 140.0] + [150.0, 151.0, 149.0, 150.0] * 3,
        eval_sampled_mean_return=[20.0, 60.0, 100.0, 140.0] + [150.0, 151.0, 149.0, 150.0] * 3,
        eval_mean_return=[15.0, 16.0, 15.5, 16.5] * 4,
    ),
)
