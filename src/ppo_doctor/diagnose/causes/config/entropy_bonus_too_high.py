"""The entropy bonus outweighs the advantage and keeps the policy uniform.

What it is
The coefficient is large against standardised advantages, or the reward is so small that any bonus is large.
Randomness is paid better than the task.

How it looks
Entropy at its maximum for the whole run while the return is flat; the entropy term's gradient exceeds the policy's;
KL small. Gaussian policies grow their spread.

What it is confused with
With every cause that gives the policy no signal: entropy is maximal there too, with a small coefficient as well. With
reward-scale-too-small. Only the coefficient and the gradients tell; maximal entropy alone does not.

How to confirm
Compare the gradient norms of entropy and policy; set the coefficient to zero for a short run.

What to do
Lower the coefficient by ten, or let it decay.

References
Andrychowicz et al. 2021; Stable-Baselines3 issue 2240 (coefficient 0.15).
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=3.0,
    course="flat",
    predicts={
        "often": (
            "entropy-at-maximum",
            "smaller-entropy-bonus-helps",
            "entropy-coefficient-high",
            "entropy-bonus-dominates",
            "std-grows",
            "cooler-sampling-helps",
        ),
        "sometimes": (
            "entropy-coefficient-extreme",
            "temperature-high",
            "updates-too-small",
            "greedy-below-sampled",
            "surrogate-not-improved",
            "critic-learns-in-vain",
            "critic-blind",
            "rewarded-return-falls",
        ),
    },
    confirm=None,
    remedies=(
        Remedy(
            "Lower the entropy coefficient by ten",
            "the task must pay better than randomness",
            change={"ent_coef": "x0.1"},
            verify="entropy falls and the return rises",
        ),
    ),
)

EXAMPLES = (
    synthetic(
        "half a nat a nat", ent_coef_start=0.5, entropy_frac=[0.999] * 12, mean_ep_return=[22.0, 21.0, 22.5, 21.5] * 3
    ),
)
