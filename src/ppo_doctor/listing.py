"""What there is of a kind (rules, causes, faults): a table, JSON, or its page of the documentation."""

from __future__ import annotations

import json as json_
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ppo_doctor.errors import UserError


@dataclass(frozen=True)
class Listing:
    """A list in its three forms."""

    objects: Sequence[Any]
    """For JSON."""
    page: Callable[[], str]
    """Markdown."""
    titles: tuple[str, ...]
    """Of the table's columns."""
    rows: Sequence[tuple[str, ...]]
    ending: str
    """Last line, under the table."""

    def text(self, json: bool, markdown: bool) -> str:
        """What to print. Raises `UserError` if both formats are wanted."""
        if json and markdown:
            raise UserError("--json or --markdown, not both")
        if json:
            return json_.dumps(self.objects, indent=1)
        return self.page().rstrip("\n") if markdown else self._table()

    def _table(self) -> str:
        from rich.table import Table

        from ppo_doctor.tables import console

        table = Table(*self.titles, show_edge=False, pad_edge=False)
        for row in self.rows:
            table.add_row(*row)
        out = console()
        with out.capture() as drawn:
            out.print(table)
        return drawn.get() + self.ending
