"""The HTML report is one safe page that says what the text says."""

from __future__ import annotations

import html as html_
import sys
from html.parser import HTMLParser

import pytest

from ppo_doctor.diagnose.differential import examine
from ppo_doctor.errors import UserError
from ppo_doctor.report import html
from ppo_doctor.run import Run, synthetic

DEAD = synthetic(
    "a dead run",
    mean_ep_return=[22.0, 21.5, 22.3, 21.0, 22.1, 21.7, 21.9, 22.2] * 2,
    v_loss=[8e6, 7.9e6, 7.8e6, 7.7e6] * 4,
    explained_variance=[0.0, 0.001, 0.0, 0.002] * 4,
)


class Outside(HTMLParser):
    """Collects what a page would load, and its visible tags."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loaded += [value or "" for name, value in attrs if name in ("src", "href")]


@pytest.fixture(scope="module")
def page() -> str:
    pytest.importorskip("jinja2")
    pytest.importorskip("plotly")
    return html.render([examine(DEAD)])


def test_the_page_loads_nothing_from_elsewhere(page: str) -> None:
    seen = Outside()
    seen.feed(page)
    assert seen.loaded == []
    assert seen.tags.count("html") == 1


def test_it_says_what_the_report_says(page: str) -> None:
    report = examine(DEAD)
    plain = html_.unescape(page)
    assert report.causes[0].cause.summary in plain
    assert all(found.meaning in plain for found in report.findings)
    assert all(one.reason in plain for one in report.not_checked)
    assert "Next test:" in plain


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        ([1.0, 3.0], 0.9, 3.1),
        ([9.99999997e-7, 1e-6], 0.8e-6, 1.2e-6),  # not its rounding error
        ([-2.0, -2.0], -2.4, -1.6),
        ([0.0, 0.0], -1.0, 1.0),
    ],
)
def test_a_plot_shows_all_values_and_the_surroundings_of_a_constant(
    values: list[float], low: float, high: float
) -> None:
    assert html._span(values) == pytest.approx((low, high), rel=1e-4)


def test_the_signals_that_are_evidence_are_plotted(page: str) -> None:
    assert html.plotted(examine(DEAD))[0] == "mean_ep_return"
    for name in ("mean_ep_return", "v_loss", "explained_variance"):
        assert f"<h3>{name}" in page


def test_hostile_names_are_escaped() -> None:
    evil = "<script>alert(1)</script>"
    run = Run(evil, {**DEAD.signals}, unmapped=(evil,))
    assert evil not in html.render([examine(run)])


def test_several_runs_and_an_empty_one_share_a_page() -> None:
    page = html.render([examine(Run("empty", {})), examine(Run("also empty", {}))])
    assert page.count("<section") == 2
    assert len(page) < 200_000, "no plot, no plotting library"


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(UserError, match=r"ppo-doctor\[report\]"):
        html.render([])
