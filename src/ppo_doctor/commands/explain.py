"""`ppo-doctor explain`."""

from __future__ import annotations

import tyro


def command(rule: tyro.conf.Positional[str] = "") -> None:
    """Print the manual page of a rule: what it looks at, why it matters, when it is wrong, what to do.

    For example:
      ppo-doctor explain                   all rules
      ppo-doctor explain entropy-collapse
      ppo-doctor explain POL101

    Args:
        rule: Name or code of a rule; without one, all are listed.
    """
    from ppo_doctor.diagnose.rule import all_rules, find
    from ppo_doctor.report import text

    if rule:
        print(text.explain(find(rule)), end="")
        return
    for one in all_rules():
        print(f"{one.code}  {one.name}: {one.summary}")
