"""Conformance suite of readers: what every `Format` must satisfy, each law a function that raises `AssertionError`.

@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_my_reader(law): law(my_module.FORMAT)
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from ppo_doctor import signals
from ppo_doctor.adapters import readers
from ppo_doctor.adapters.format import Format, translate
from ppo_doctor.adapters.table import Column, Table

Law = Callable[[Format], None]
ROWS = 200
"""More than twice as many episodes as a Monitor's windows hold."""


def table(one: Format) -> Table:
    """A table with all of a format's columns, stepped by its first step column."""
    rng = np.random.default_rng(0)
    names = [name.replace("*", "some") for name in one.columns]
    columns = {name: Column(np.arange(ROWS), rng.uniform(0.1, 0.9, ROWS)) for name in names}
    for name in one.steps[:1]:
        columns[name] = Column(np.arange(ROWS), 100.0 * np.arange(1, ROWS + 1))
    return Table(Path("log"), "csv", columns, stepped=not one.steps)


def speaks_the_vocabulary(one: Format) -> None:
    """Columns become series, settings become scalars, and whatever is more than a change of sign says so."""
    assert one.title, "the format has no title"
    assert one.about.endswith("."), "`about` says in sentences what the numbers are"
    for column, to in one.columns.items():
        assert signals.known(to.signal), f"{column}: no signal is called {to.signal}"
        assert signals.lookup(to.signal).kind == "series", f"{column}: {to.signal} is no series"
        assert to.caveat is None or (to.caveat and not to.caveat.endswith(".")), f"{column}: a caveat is a clause"
        assert to.caveat or (to.scale in (1.0, -1.0) and not to.change), f"{column}: a factor needs a caveat"
    for setting, name in one.settings.items():
        assert signals.lookup(name).kind != "series", f"{setting}: {name} is a series"


def knows_its_own_log(one: Format) -> None:
    """A log of its columns is recognised, nothing is left over, and the numbers are those of the table."""
    made = table(one)
    found = translate([made], one)
    assert one.fits(made) > 0, "none of `marks` is among the columns"
    assert found.unmapped == (), f"left over: {', '.join(found.unmapped)}"
    for series in found.series.values():
        assert len(series) > 0, f"{series.name} is empty"
        to = one.target(series.as_logged)
        if to is None or len(series) != ROWS or series.name == "epochs_run":  # derived, or averaged over updates
            continue
        values = made.columns[series.as_logged].value
        wanted = (values if to.change is None else to.change(values)) * to.scale
        np.testing.assert_allclose(series.value, wanted, err_msg=f"{series.as_logged} -> {series.name}")


def leaves_other_logs_alone(one: Format) -> None:
    """It claims neither a log of nothing known nor one that another reader knows better."""
    assert one.fits(Table(Path("log"), "csv", {"x": Column(np.arange(3), np.ones(3))})) == 0, (
        "takes a log of nothing known for its own"
    )
    for other in (readers.load(name) for name in readers.names()):
        if other.name != one.name:
            assert one.fits(table(other)) < other.fits(table(other)), f"takes logs of {other.name} for its own"


LAWS: tuple[Law, ...] = (speaks_the_vocabulary, knows_its_own_log, leaves_other_logs_alone)
"""All laws."""
