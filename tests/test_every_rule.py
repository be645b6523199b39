"""Every rule obeys every law; the laws catch what they are for."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import pytest

from ppo_doctor.diagnose import engine
from ppo_doctor.diagnose.rule import Rule, RuleError, all_rules, walk
from ppo_doctor.testing import rules as suite

COUNTER = itertools.count()

EXAMPLE = '''
from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose import engine
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import Series, synthetic


@rule("OPT901", severity="warning")
def grad_norm_large(grad_norm: Series, v_loss: Series | None = None, *, limit: float = 10.0) -> list[Finding]:
    """Gradients are large.

    Looks at
    The gradient norm, above `limit`.

    Why it matters
    It does.

    When it is wrong
    Rarely.

    What to do
    Less.

    References
    None.
    """
    if grad_norm.value.max() <= limit:
        return []
    remedy = Remedy("Clip", "it is cheap", change={"max_grad_norm": "0.5"})
    return [Finding("Too large.", (seen(grad_norm, grad_norm.value.max(), "largest", ">", limit),), (remedy,))]


FIRES = (synthetic("large", grad_norm=[1.0, 99.0]),)
SILENT = (synthetic("small", grad_norm=[1.0]), synthetic("smaller", grad_norm=[0.1], v_loss=[1.0]))
'''


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
@pytest.mark.parametrize("law", suite.LAWS, ids=lambda law: law.__name__)
def test_law(law: suite.Law, rule: Rule) -> None:
    law(rule)


def test_every_rule_has_a_test_file_of_its_own(request: pytest.FixtureRequest) -> None:
    folder = request.path.parent / "rules"
    missing = [one.name for one in all_rules() if not (folder / f"test_{one.check.__name__}.py").is_file()]
    assert missing == []


def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, file: str = "optim/grad_norm_large.py") -> str:
    name = f"their_rules_{next(COUNTER)}"
    path = tmp_path / name / file
    path.parent.mkdir(parents=True)
    path.write_text(text)
    for folder in (path.parent, path.parent.parent):
        (folder / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return name


@pytest.mark.parametrize("law", suite.LAWS, ids=lambda law: law.__name__)
def test_a_third_partys_rule_can_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, law: suite.Law) -> None:
    (rule,) = walk(package(tmp_path, monkeypatch, EXAMPLE))
    law(rule)


@pytest.mark.parametrize(
    ("law", "old", "new"),
    [
        (suite.is_named_as_its_file, "OPT901", "POL901"),
        (suite.is_named_as_its_file, "OPT901", "OPT9"),
        (suite.is_documented, "Gradients are large.", "Gradients are large"),
        (suite.is_documented, "When it is wrong", "When it may be wrong"),
        (suite.is_documented, "    Rarely.\n", ""),
        (suite.is_documented, "`limit`", "a limit"),
        (suite.is_documented, "10.0", "float('inf')"),
        (suite.fires_where_it_should, "99.0", "9.0"),
        (suite.fires_where_it_should, "(remedy,)", "()"),
        (suite.fires_where_it_should, "FIRES = ", "ALARMS = "),
        (suite.is_silent_where_it_should, "[0.1]", "[11.0]"),
        (suite.is_silent_where_it_should, ', synthetic("smaller", grad_norm=[0.1], v_loss=[1.0])', ","),
        (suite.says_no_number_without_evidence, "Too large.", "Larger than 10."),
        (suite.says_no_number_without_evidence, "it is cheap", "it costs 2 percent"),
        (suite.changes_known_settings, "max_grad_norm", "grad_clip"),
        (suite.changes_known_settings, '"it is cheap"', '"it is cheap", confirm="try it"'),
        (
            suite.never_crashes_on_a_prefix,
            "if grad_norm.value.max()",
            "if 1 / (len(grad_norm) - 1) and grad_norm.value.max()",
        ),
        (
            suite.never_crashes_on_a_prefix,
            "if grad_norm.value.max()",
            "if v_loss.value.max() and grad_norm.value.max()",
        ),
    ],
)
def test_laws_catch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, law: suite.Law, old: str, new: str) -> None:
    assert old in EXAMPLE
    (rule,) = walk(package(tmp_path, monkeypatch, EXAMPLE.replace(old, new)))
    with pytest.raises(AssertionError):
        law(rule)


def test_an_engine_that_lets_nan_through_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (rule,) = walk(package(tmp_path, monkeypatch, EXAMPLE))
    monkeypatch.setattr(engine, "_finite", lambda given, series: series)
    with pytest.raises(AssertionError, match="although"):
        suite.never_calls_unknown_healthy(rule)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "grad_norm: Series",
            "grad_nrm: Series",
            r"grad_norm_large\.py:\d+: unknown signal 'grad_nrm'; near: grad_norm",
        ),
        ('severity="warning"', 'severity="warning", instead={"grad_norm": ("gamma",)}', "must be a series"),
        ("def grad_norm_large", "def too_large", "has no rule grad_norm_large"),
    ],
)
def test_a_rule_written_wrongly_fails_at_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, message: str
) -> None:
    with pytest.raises(RuleError, match=message):
        list(walk(package(tmp_path, monkeypatch, EXAMPLE.replace(old, new))))
