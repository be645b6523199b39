"""What kind of evidence a rule is, as told by the signals it reads and by when those are measured."""

from __future__ import annotations

from functools import cache

from ppo_doctor.diagnose.rule import all_rules
from ppo_doctor.signals import Signal

RECOMPUTED = "by a probe, from a live rollout and its update"
DECLARED = "by a probe, against what is declared"
"""When the signals are measured whose rules are proofs: they fire for what was recomputed, or is not as it is declared
to be, and for nothing else."""
SET = "at the end of the update"
"""When the signals are measured that say what was set, as schedules have it."""
KNOWN = "before training"
"""When the signals are measured that say how a run was set up."""
TRIED = "by a trial"
"""When the signals are measured whose rules say what helped: nothing does where the fault is mild."""


@cache
def leading_signals() -> dict[str, str]:
    """Rule -> the first signal it reads: rules that share it look at the same thing."""
    return {rule.name: next((one.parameter for one in rule.inputs), rule.name) for rule in all_rules()}


@cache
def _needs() -> dict[str, list[Signal | None]]:
    """Rule -> the signals that it needs, or those that it can make do with if there is none it must have."""
    required = {rule.name: [one.signal for one in rule.inputs if one.required] for rule in all_rules()}
    return {rule.name: required[rule.name] or [one.signal for one in rule.inputs] for rule in all_rules()}


@cache
def direct() -> frozenset[str]:
    """Rules that need numbers and names only, no series: each tests one thing by itself."""
    return frozenset(
        rule for rule, read in _needs().items() if read and all(one and one.kind != "series" for one in read)
    )


@cache
def _measured(when: str) -> frozenset[str]:
    """Rules whose first signal is measured at this moment."""
    leading = {rule.name: next(iter(rule.inputs)).signal for rule in all_rules() if rule.inputs}
    return frozenset(rule for rule, signal in leading.items() if signal and signal.measured == when)


@cache
def settings() -> frozenset[str]:
    """Rules, but for mere remarks, that need nothing but what is known before training."""
    serious = direct() & {rule.name for rule in all_rules() if rule.severity != "info"}
    return frozenset(rule for rule in serious if all(one and one.measured == KNOWN for one in _needs()[rule]))


@cache
def proofs() -> frozenset[str]:
    """Rules that judge what the audit recomputed, and what an environment declares."""
    return _measured(RECOMPUTED) | _measured(DECLARED)


@cache
def facts() -> frozenset[str]:
    """Rules that judge what is there, not what comes of it: direct ones but for trials, proofs, and those on what a
    schedule sets."""
    return (direct() - _measured(TRIED)) | proofs() | _measured(SET)
