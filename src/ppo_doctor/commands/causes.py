"""`ppo-doctor causes`."""

from __future__ import annotations

from typing import Any

from ppo_doctor.listing import Listing


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

    found = [about(one) for one in all_causes()]
    titles = ("family", "cause", "what it is")
    rows = [(one["family"], one["id"], one["summary"]) for one in found]
    ending = f"{len(found)} causes; `ppo-doctor explain CAUSE` prints the manual page of one"
    print(Listing(found, lambda: text.listing_of_causes(all_causes()), titles, rows, ending).text(json, markdown))


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
