"""`ppo-doctor new`: what it writes imports, and its test fails only where the author has to write something."""

from __future__ import annotations

import inspect
import itertools
import runpy
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ppo_doctor import scaffold
from ppo_doctor.cli import main
from ppo_doctor.diagnose.cause import all_causes
from ppo_doctor.diagnose.rule import FAMILIES, find
from ppo_doctor.errors import UserError
from ppo_doctor.train.lab import Cannot

COUNTER = itertools.count()
FAMILY = {"rule": "reward", "cause": "reward"}
TO_WRITE = {
    "rule": {"fires_where_it_should", "is_silent_where_it_should"},
    "cause": {"can_be_acted_on", "is_among_the_first_on_its_examples"},
    "env": set(),
    "fault": {"the_default_strength_has_its_effect"},
    "reader": {"test_a_sample_is_understood_as_a_whole", "knows_its_own_log"},
    "probe": {"test_it_measures_something_where_all_is_well"},
}
"""What fails in a new member's test, beside the one that looks for marks."""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder for a package of somebody else, whose name was not imported before."""
    return tmp_path / f"their-checks-{next(COUNTER)}x".replace("-", "_")


def begin(kind: str, name: str, into: Path) -> Path:
    family = ["--family", FAMILY[kind]] if kind in FAMILY else []
    assert main(["new", kind, name, *family, "--into", str(into)]) == 0
    return next((into / "src").rglob(f"{name.replace('-', '_')}.py"))


def cases(module: dict[str, Any], tmp_path: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """The tests of a generated file, each law one."""
    for name, test in module.items():
        if not name.startswith("test_"):
            continue
        marks = getattr(test, "pytestmark", ())
        if marks:
            yield from ((law.__name__, partial(test, law)) for law in marks[0].args[1])
        else:
            yield name, partial(test, tmp_path) if inspect.signature(test).parameters else test


@pytest.fixture
def failures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[Path], tuple[set[str], int]]]:
    """Runs the generated test file of a package as if that were installed: tests that fail, and how many pass."""

    def run(into: Path) -> tuple[set[str], int]:
        about = into / "src" / f"{into.name}-1.dist-info"  # what installing it would write
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {into.name}\nVersion: 1\n")
        if (into / "src" / into.name / "causes").is_dir():
            (about / "entry_points.txt").write_text(f"[ppo_doctor.causes]\nx = {into.name}.causes\n")
        monkeypatch.syspath_prepend(into / "src")
        all_causes.cache_clear()
        (file,) = (into / "tests").rglob("test_*.py")
        failed, passed = set(), 0
        for name, case in cases(runpy.run_path(str(file)), tmp_path):
            try:
                case()
                passed += 1
            except (AssertionError, KeyError, UserError, Cannot):
                failed.add(name)
        return failed, passed

    yield run
    monkeypatch.undo()
    all_causes.cache_clear()


def trained_ones_slow(kinds: Iterable[str]) -> list[Any]:
    """The kinds, those whose laws run the trainer marked slow."""
    return [pytest.param(kind, marks=pytest.mark.slow) if kind in ("env", "fault") else kind for kind in kinds]


@pytest.mark.parametrize("kind", trained_ones_slow(scaffold.kinds()))
def test_a_new_member_fails_only_where_something_is_to_be_written(
    kind: str, elsewhere: Path, failures: Callable[[Path], tuple[set[str], int]]
) -> None:
    begin(kind, "brand-new", elsewhere)
    failed, passed = failures(elsewhere)
    assert failed == TO_WRITE[kind] | {"test_nothing_is_left_to_write"}
    assert passed >= 1


FILLED = {
    "rule": [
        ("FIRES: tuple[Run, ...] = ()", 'FIRES = (synthetic("lost", mean_ep_return=[-1.0] * 9),)'),
        (
            "SILENT: tuple[Run, ...] = ()",
            'SILENT = (synthetic("at", mean_ep_return=[0.0] * 9), synthetic("up", mean_ep_return=[5.0] * 9))',
        ),
        ("import Run, Series", "import Series, synthetic"),
    ],
    "cause": [
        ("remedies=()", 'remedies=(Remedy("Pay less", "it hurts"),)'),
        ("predicts={}", 'predicts={"always": ("reward-outlier",), "never": ("reward-shifts",)}'),
        ("prior=1.0", "prior=500.0"),
        (
            "EXAMPLES: tuple[Run, ...] = ()",
            'EXAMPLES = (synthetic("x", reward_max=[1.0] * 9 + [1e6], reward_min=[0.0] * 10),)',
        ),
        ("import Run", "import synthetic"),
        ("from ppo_doctor.run", "from ppo_doctor.diagnose.finding import Remedy\nfrom ppo_doctor.run"),
    ],
    "probe": [
        ("del lab\n    raise Cannot(", "found = float(lab.random.alive.mean() >= 0)  #"),
        ('return Found({signal: value}, (note,))")', '\n    return Found({"determinism": found}, ("x",))'),
        ("import Cannot, Lab", "import Lab"),
    ],
    "fault": [
        ("    del strength\n    return config", "    return replace(config, gamma=0.5 * strength)"),
        ("from ppo_doctor.train.config", "from dataclasses import replace\n\nfrom ppo_doctor.train.config"),
    ],
    "reader": [
        ('"WRITE: its column of returns"', '"return"'),
        ('"WRITE: its column of environment steps"', '"step"'),
        ('marks=("WRITE: a column that only this tool writes",)', 'marks=("return",)'),
    ],
}
"""What an author writes. A new environment is sound as it is: filling it in means other code."""


@pytest.mark.parametrize("kind", trained_ones_slow(FILLED))
def test_a_new_member_that_is_filled_in_passes(
    kind: str, elsewhere: Path, failures: Callable[[Path], tuple[set[str], int]]
) -> None:
    path = begin(kind, "brand-new", elsewhere)
    text = path.read_text()
    for old, new in FILLED[kind]:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text.replace("WRITE: ", "").replace("WRITE", ""))
    assert failures(elsewhere)[0] == set()


def test_a_package_elsewhere_is_told_its_entry_point(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = begin("rule", "brand-new", elsewhere)
    said = capsys.readouterr().out
    assert '[project.entry-points."ppo_doctor.rules"]' in said
    assert f'{elsewhere.name} = "{elsewhere.name}.rules"' in said
    assert path == elsewhere / "src" / elsewhere.name / "rules" / "reward" / "brand_new.py"
    assert "REW901" in path.read_text()
    assert (path.parent.parent / "__init__.py").is_file()


def test_in_a_checkout_the_files_go_where_they_belong(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "ppo-doctor"\n')
    begin("rule", "brand-new", tmp_path)
    begin("env", "brand-new", tmp_path)
    written = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.py"))
    assert written == [
        "src/ppo_doctor/diagnose/rules/reward/brand_new.py",
        "src/ppo_doctor/train/envs/brand_new.py",
        "tests/envs/test_brand_new.py",
        "tests/rules/test_brand_new.py",
    ]


@pytest.mark.parametrize("kind", scaffold.kinds())
def test_the_folders_of_a_checkout_exist(kind: str) -> None:
    """So that a folder that moves takes its scaffold along."""
    one = scaffold.find(kind)
    package = Path(scaffold.__file__).parent
    assert (package / one.member.replace("$family", FAMILY.get(kind, ""))).is_dir()


@pytest.mark.parametrize("family", FAMILIES)
def test_a_new_code_is_free(family: str) -> None:
    for ours in (True, False):
        with pytest.raises(UserError):
            find(scaffold._code(family, ours))


def test_nothing_is_overwritten(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = begin("rule", "brand-new", elsewhere)
    path.write_text("mine")
    assert main(["new", "rule", "brand-new", "--family", "reward", "--into", str(elsewhere)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert path.read_text() == "mine"
    begin("rule", "another", elsewhere)  # beside it, in the same package


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rulle", "x"], "there are cause, env"),
        (["rule", "x"], "needs a family"),
        (["rule", "x", "--family", "rewards"], "did you mean reward?"),
        (["env", "x", "--family", "reward"], "has no family"),
        (["env", "Class"], "cannot be a name"),
        (["env", "class"], "cannot be a name"),
        (["env", "../x"], "cannot be a name"),
        (["env", "2x"], "cannot be a name"),
        (["env", "a--b"], "cannot be a name"),
        (["env"], "name"),
    ],
)
def test_a_mistake_is_one_line(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", *words]) == 2
    error = capsys.readouterr().err
    assert said in error.lower()
    assert len(error.splitlines()) == 1
    assert not list(tmp_path.iterdir())
