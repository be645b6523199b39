"""EVA105 worst-block-falls."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, climb, falls, material, need, rises, spread, tail
from ppo_doctor.run import Series, synthetic


@rule("EVA105", severity="warning")
def worst_block_falls(
    eval_mean_return: Series,
    eval_min_block_return: Series,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    noise: float = 2.0,
    least: int = 10,
) -> list[Finding]:
    """The mean rises while the worst block of seeds falls.

    Looks at
    Over the last half of `least` evaluations or more, on fixed seeds: the mean rises and the worst block falls, both by
    Mann-Kendall, the fall along its Theil-Sen line larger than `noise` times the spread around the curve's end and
    than what matters.

    Why it matters
    The policy specialises: it pays for the mean with its worst case, which is what breaks in production.

    When it is wrong
    The smallest of a few blocks is noisy itself, and which block is the worst can change; the test over time guards
    against the first, nothing against the second but more blocks.

    What to do
    Look at the blocks one by one. Train on more of what the worst block holds.

    References
    Chow et al. 2015, Risk-Sensitive and Robust Decision-Making: a CVaR Optimization Approach.
    """
    mean, worst = aligned(eval_mean_return, eval_min_block_return)
    need(mean, int(least), "evaluations")
    mean, worst = tail(mean, 0.5, 5), tail(worst, 0.5, 5)
    fall = -climb(worst)
    matters = material(random_return, best_baseline_return, random_return_std)
    bar = max(noise * spread(tail(worst)), matters)
    if fall <= bar or not rises(mean, 0.05) or not falls(worst, 0.05):
        return []
    evidence = (
        seen(worst, -fall, "change along the Theil-Sen line", "<", -bar),
        seen(mean, climb(mean), "change along the Theil-Sen line", ">", 0.0),
    )
    return [Finding("The policy gets better on average by getting worse where it was worst.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Look at the worst block's episodes: what do they have that the others lack?",
        "specialisation has an object",
        verify="eval_block returns move together",
    ),
    Remedy(
        "Draw more of the hard instances in training, or select checkpoints by the worst block",
        "what is rare in the data is paid for by what is frequent",
        verify="eval_min_block_return stops falling",
    ),
)

_UP = [50.0 + 3.0 * k for k in range(16)]
FIRES = (synthetic("specialises", eval_mean_return=_UP, eval_min_block_return=[30.0 - 2.0 * k for k in range(16)]),)
SILENT = (
    synthetic("all blocks rise", eval_mean_return=_UP, eval_min_block_return=[30.0 + 2.0 * k for k in range(16)]),
    synthetic("the worst block is noisy", eval_mean_return=_UP, eval_min_block_return=[30.0, 20.0, 33.0, 27.0] * 4),
)
