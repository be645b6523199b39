"""The policy learnt to do nothing.

What it is
Waiting is safe, acting is sometimes punished: early in training the no-op has the best average, takes over, and
exploration ends.

How it looks
The share of avoidable no-ops rises while the return falls or stays poor; entropy falls with it.

What it is confused with
With mask-mismatch, where acting is refused. With a task in which waiting is optimal: compare with the constant
policy. With reward-term-dominates, a usual reason.

How to confirm
Evaluate the policy that always waits: if it is as good as anything known, the reward is the cause.

What to do
Make waiting cost what it costs, mask it where it is pointless, hold an entropy floor early.

References
gymnax-blines issue 5; case study of a batch scheduler that stopped starting jobs.
"""

from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.finding import Remedy
from ppo_doctor.run import synthetic

CAUSE = Cause(
    __name__,
    prior=0.8,
    course="lost",
    predicts={
        "always": (
            "noop-collapse",
            "avoidable-noop",
        ),
        "often": (
            "worse-than-first",
            "greedy-constant",
        ),
        "sometimes": (
            "entropy-collapse",
            "reward-term-dominates",
            "constant-action-pays",
            "constant-action-optimal",
            "return-flat",
        ),
    },
    confirm="constant_actions",
    remedies=(
        Remedy(
            "Mask the no-op where a real action is free of cost",
            "what is pointless need not be explored",
            confirm="constant_actions",
            verify="avoidable_noop_frac falls",
        ),
        Remedy("Hold an entropy floor early", "acting must be tried to be learnt", change={"entropy_floor": "0.1"}),
    ),
)

EXAMPLES = (
    synthetic(
        "waits more and more",
        avoidable_noop_frac=[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95],
        mean_ep_return=[-10.0, -12.0, -15.0, -20.0, -26.0, -30.0, -34.0, -38.0, -40.0, -42.0, -43.0, -44.0],
    ),
)
