"""`ppo-doctor explain`."""

from __future__ import annotations

import tyro

from ppo_doctor.errors import UserError


def command(name: tyro.conf.Positional[str] = "") -> None:
    """Print the manual page of a rule or a cause: what it looks at, when it is wrong, what to do.

    A name that is both, such as action-ignored, prints both pages: the finding, and the cause it points to.
    `ppo-doctor rules` and `ppo-doctor causes` list the names.

    For example:
      ppo-doctor explain entropy-collapse
      ppo-doctor explain POL101
      ppo-doctor explain reward-sparse

    Args:
        name: Name or code of a rule, or name of a cause.
    """
    if not name:
        raise UserError("explain what? `ppo-doctor rules` and `ppo-doctor causes` list the names")
    pages = _pages(name)
    if not pages:
        raise UserError(
            f"unknown rule or cause {name!r}{_near(name)}; `ppo-doctor rules` and `ppo-doctor causes` list them"
        )
    print("\n".join(pages), end="")


def _pages(name: str) -> list[str]:
    from ppo_doctor.diagnose.cause import all_causes
    from ppo_doctor.diagnose.rule import all_rules
    from ppo_doctor.report import text

    wanted = name.lower().replace("_", "-")
    rules = [text.explain(one) for one in all_rules() if wanted in (one.name, one.code.lower())]
    return rules + [text.explain_cause(one) for one in all_causes() if one.id == wanted]


def _near(name: str) -> str:
    import difflib

    from ppo_doctor.diagnose.cause import all_causes
    from ppo_doctor.diagnose.rule import all_rules

    known = [one.name for one in all_rules()] + [one.id for one in all_causes()]
    near = list(dict.fromkeys(difflib.get_close_matches(name.lower().replace("_", "-"), known, n=3)))
    return f"; near: {', '.join(near)}" if near else ""
