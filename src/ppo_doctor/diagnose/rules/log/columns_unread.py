"""LOG103 columns-unread."""

from __future__ import annotations

import re

from ppo_doctor.diagnose.finding import Evidence, Finding, Remedy
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.run import Run, Series, synthetic

WANTED = {
    "mean_ep_return": r"(ep|mean|avg|total)\w*[_/ .-]*(rew|return|score)|(rew|return|score)\w*[_/ .-]*(mean|avg|ep)",
    "approx_kl_mean": r"\bkl\b|kl_|_kl|kullback",
    "entropy": r"entropy",
    "explained_variance": r"explained|expl_var|explvar",
    "v_loss": r"(value|vf|critic)\w*[_/ .-]*loss",
}
"""Signal -> what a column that holds it is usually called."""


@rule("LOG103", severity="info", sees_nonfinite=True)
def columns_unread(run: Run) -> list[Finding]:
    """A column was not understood that looks like a signal this report lacks.

    Looks at
    Names in the log that are not in the vocabulary: whether one looks like the return, the KL, the entropy, the
    explained variance or the value loss, while no form of that signal was read.

    Why it matters
    The report then knows less than the log, and says "not checked" where it could judge.

    When it is wrong
    Names mislead: a "reward" may be one term, an "entropy" that of something else. That is why nothing is guessed.

    What to do
    Name the column in a mapping: which signal it is, its sign, its unit.

    References
    None; a rule of this project.
    """
    if not run.signals:
        raise Undecided("nothing was read")
    missing = {name: pattern for name, pattern in WANTED.items() if not _known(run, name)}
    found = [name for name, pattern in missing.items() if any(re.search(pattern, one.lower()) for one in run.unmapped)]
    if not found:
        return []
    name = next(iter(run.signals))
    unread = Evidence(name, float(len(run.unmapped)), "was read, while of the columns beside it were not:")
    meaning = f"The log seems to hold {', '.join(found)} under a name that was not understood."
    return [Finding(meaning, (unread,), REMEDIES)]


def _known(run: Run, name: str) -> bool:
    stem = name.removesuffix("_mean")
    others = {"mean_ep_return": "return", "approx_kl_mean": "kl", "entropy": "entropy"}.get(name, stem)
    return any(others in one for one, value in run.signals.items() if isinstance(value, Series))


REMEDIES = (
    Remedy(
        "Map the column to its signal, with sign and unit",
        "a guess would turn a caveat into a verdict",
        verify="the rule that was skipped gives a verdict",
    ),
)

_READ = synthetic("x", v_loss=[1.0, 0.9])
FIRES = (Run("a return by another name", _READ.signals, unmapped=("custom/episode_reward_avg",)),)
SILENT = (
    Run("nothing that matters", _READ.signals, unmapped=("host", "time/elapsed")),
    Run("a second return", synthetic("x", mean_ep_return=[1.0]).signals, unmapped=("rollout/ep_rew_median",)),
)
