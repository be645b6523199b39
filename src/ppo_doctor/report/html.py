"""The report as one HTML page that needs nothing else: causes, evidence, plots of the signals that are evidence.

Needs the extra `report` (jinja2, plotly). The page holds the plotting library, about 5 MB, and loads nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ppo_doctor.diagnose import differential
from ppo_doctor.diagnose.differential import Clue, Suspect
from ppo_doctor.diagnose.engine import Report
from ppo_doctor.diagnose.finding import Evidence
from ppo_doctor.diagnose.series import thinned
from ppo_doctor.errors import UserError
from ppo_doctor.report import text
from ppo_doctor.run import Series

TEMPLATE = Path(__file__).with_name("html.jinja")
PLOTTED = 8
"""Most plots a run: those of the strongest evidence."""
POINTS = 1000
"""Most points a plot; longer series are shown by medians of blocks."""
ROUNDING = 1e-5
"""Share of its values below which the spread of a series in single precision is rounding error."""
RETURNS = ("eval_mean_return", "mean_ep_return")


def render(reports: Sequence[Report]) -> str:
    """The page of one or several reports. Raises `UserError` if the extra `report` is not installed."""
    try:
        import jinja2
        from plotly.offline import get_plotlyjs
    except ModuleNotFoundError as error:
        raise UserError(f"an HTML report needs {error.name}: pip install 'ppo-doctor[report]'") from None
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    page = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    runs = [_run(report, f"run{number}") for number, report in enumerate(reports, start=1)]
    return page.render(runs=runs, library=get_plotlyjs() if any(run["plots"] for run in runs) else "")


def _run(report: Report, key: str) -> dict[str, Any]:
    """What the template shows of a report."""
    test = differential.next_test(report)
    return {
        "key": key,
        "source": report.run.source,
        "steps": report.run.last_step,
        "suspects": [_suspect(one) for one in report.causes if one.probability >= text.LISTED or _benign(one)],
        "next_test": "" if test is None else test.sentence(),
        "plots": [_plot(report, one, f"{key}-{k}") for k, one in enumerate(plotted(report))],
        "findings": report.findings,
        "summary": text.summary(report),
        "not_checked": report.not_checked,
        "clean": [one.rule for one in report.outcomes if one.status == "clean"],
        "unmapped": report.run.unmapped,
    }


def _benign(suspect: Suspect) -> bool:
    return suspect.cause.id in differential.BENIGN


def _suspect(one: Suspect) -> dict[str, Any]:
    return {
        "id": one.cause.id,
        "summary": one.cause.summary,
        "percent": f"{one.probability:.0%}",
        "for": [clue.sentence() for clue in one.evidence_for],
        "against": [clue.sentence() for clue in one.evidence_against],
        "remedies": one.cause.remedies,
        "next_test": "" if one.next_test is None else one.next_test.sentence(),
    }


def plotted(report: Report) -> list[str]:
    """Series to plot: a return, then what the strongest clues of the first suspects rest on, then other findings."""
    clues = [clue for one in report.causes[: text.SUSPECTS] for clue in (*one.evidence_for, *one.evidence_against)]
    telling = [name for clue in clues for name in _signals(clue)]
    others = [evidence.signal for found in report.findings for evidence in found.evidence]
    names = dict.fromkeys([*RETURNS, *telling, *others])
    series = report.run.all_series()
    return [name for name in names if name in series and np.isfinite(series[name].value).any()][:PLOTTED]


def _signals(clue: Clue) -> list[str]:
    """What a fired rule showed, or what a clean one read."""
    if clue.outcome.findings:
        return [evidence.signal for found in clue.outcome.findings for evidence in found.evidence]
    return [given.signal.name for given in clue.outcome.rule.inputs if given.signal is not None and given.required]


def _plot(report: Report, name: str, key: str) -> dict[str, str]:
    import plotly.graph_objects as go
    import plotly.io

    series = report.run.series(name)
    shown = thinned(series.where(np.isfinite(series.value)), POINTS)
    figure = go.Figure(go.Scatter(x=shown.step.tolist(), y=shown.value.tolist(), mode="lines", line={"width": 1.5}))
    limits = _limits(report, series)
    for limit in limits:
        figure.add_hline(y=limit, line_dash="dot", line_color="#b00020")
    figure.update_yaxes(range=_span([*shown.value.tolist(), *limits]))
    figure.update_layout(height=220, margin={"l": 60, "r": 10, "t": 10, "b": 30}, template="plotly_white")
    plot = plotly.io.to_html(figure, include_plotlyjs=False, full_html=False, div_id=key)
    return {"name": name, "caveat": series.caveat or "", "html": plot}


def _span(values: Sequence[float]) -> tuple[float, float]:
    """What a plot of `values` shows: all of them, and of a constant its surroundings, not its rounding error."""
    low, high = min(values), max(values)
    size = max(abs(low), abs(high))
    margin = 0.05 * (high - low) if high - low > ROUNDING * size else 0.2 * size or 1.0
    return low - margin, high + margin


def _limits(report: Report, series: Series) -> list[float]:
    """The limits that findings hold this series against, as far as they are near its values."""
    every: list[Evidence] = [one for found in report.findings for one in found.evidence]
    finite = series.value[np.isfinite(series.value)]
    low, high = float(finite.min()), float(finite.max())
    margin = max(high - low, 0.2 * max(abs(low), abs(high)))
    limits = [one.limit for one in every if one.signal == series.name and one.limit is not None]
    return sorted({limit for limit in limits if low - margin <= limit <= high + margin})
