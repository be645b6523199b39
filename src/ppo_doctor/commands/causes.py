"""`ppo-doctor causes`."""

from __future__ import annotations

import json as json_
from typing import Any

from ppo_doctor.errors import UserError


def command(*, json: bool = False, markdown: bool = False) -> None:
    """List the root causes the doctor knows, in the order of examination.

    For example:
      ppo-doctor causes
      ppo-doctor causes --json
      ppo-doctor causes --markdown > docs/causes.md

    Args:
        json: Print a JSON list, with what each cause makes the rules say.
        markdown: Print the page of the documentation.
    """
    from ppo_doctor.diagnose.cause import all_causes
    from ppo_doctor.report import text

    if json and markdown:
        raise UserError("--json or --markdown, not both")
    if json:
        print(json_.dumps([about(cause) for cause in all_causes()], indent=1))
    elif markdown:
        print(text.listing_of_causes(all_causes()), end="")
    else:
        _table([about(cause) for cause in all_causes()])


def about(cause: Any) -> dict[str, Any]:
    """A cause in plain words and numbers."""
    return {
        "id": cause.id,
        "family": cause.family,
        "summary": cause.summary,
        "prior": cause.prior,
        "return": cause.course,
        "expects": cause.expects,
        "confirm": cause.confirm,
        "remedies": [remedy.do for remedy in cause.remedies],
    }


def _table(found: list[dict[str, Any]]) -> None:
    from rich.table import Table

    from ppo_doctor.tables import console

    table = Table("family", "cause", "what it is", show_edge=False, pad_edge=False)
    for one in found:
        table.add_row(one["family"], one["id"], one["summary"])
    console().print(table)
    print(f"{len(found)} causes; `ppo-doctor explain CAUSE` prints the manual page of one")
