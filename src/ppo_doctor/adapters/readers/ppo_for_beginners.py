"""PPO-for-Beginners (standard output): return, length and actor loss of each iteration, nothing else."""

from __future__ import annotations

from ppo_doctor.adapters.format import Format, To

FORMAT = Format(
    name="ppo_for_beginners",
    title="PPO-for-Beginners (standard output)",
    marks=("Average Episodic Return",),
    steps=("Timesteps So Far",),
    columns={
        "Average Episodic Return": To("mean_ep_return", caveat="mean of the iteration's episodes"),
        "Average Episodic Length": To("mean_ep_length", caveat="mean of the iteration's episodes"),
        "Average Loss": To("pg_loss"),
    },
    ignored=("Iteration*", "Timesteps So Far"),
    about="Only returns, lengths and the actor's loss are printed: most rules have nothing to look at.",
)
