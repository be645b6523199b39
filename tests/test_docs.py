"""What documentation and help show: commands parse, links lead somewhere, generated pages are up to date."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from ppo_doctor import cli, commands

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])
APP = {name: commands.load(name) for name in commands.names()}
GENERATED = re.compile(r"Made by `ppo-doctor ([^`]+)`")


def shown(text: str) -> Iterator[str]:
    """Commands on lines of their own and between backticks, without prompt, comment, pipe and redirection."""
    text = re.sub(r"\s*\\\n\s*", " ", text)
    lines = re.findall(r"^\s*(?:\$ )?(ppo-doctor(?: .*)?)$", text, flags=re.MULTILINE)
    inline = [found.replace("\n", " ") for found in re.findall(r"`(ppo-doctor(?: [^`]*)?)`", text)]
    for found in (*lines, *inline):
        yield re.split(r"\s+[#>|&]|  +", found)[0].strip()


def everything_shown() -> dict[str, list[str]]:
    """Page, or command whose help it is -> commands shown there."""
    pages = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in PAGES}
    helps = {f"{name} --help": function.__doc__ or "" for name, function in APP.items()}
    texts = pages | helps | {"--help": cli.DESCRIPTION}
    return {where: found for where, text in texts.items() if (found := list(dict.fromkeys(shown(text))))}


@pytest.mark.parametrize(("where", "line"), [(k, line) for k, lines in everything_shown().items() for line in lines])
def test_a_command_that_is_shown_can_be_typed(where: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = shlex.split(line)[1:]
    if words:
        assert words[0].startswith("-") or words[0] in APP, f"{where}: {line}"
        if len(words) > 1:  # a bare name only mentions the command
            cli._parse(words, APP)
        capsys.readouterr()  # of a line with --help


def test_every_command_shows_how_it_is_used() -> None:
    seen = everything_shown()
    assert [name for name in APP if f"{name} --help" not in seen] == []


def test_the_reader_of_pages_finds_and_cuts_commands() -> None:
    page = (
        "See `ppo-doctor rules`.\n\n    $ ppo-doctor train x \\\n      --seeds 0 1  # two\n    ppo-doctor, all | 3 |\n"
    )
    assert list(shown(page)) == ["ppo-doctor train x --seeds 0 1", "ppo-doctor rules"]


@pytest.mark.parametrize(
    "page", [path for path in PAGES if GENERATED.search(path.read_text(encoding="utf-8"))], ids=str
)
def test_a_generated_page_is_up_to_date(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = page.read_text(encoding="utf-8")
    command = GENERATED.search(text)
    assert command is not None
    assert cli.main(shlex.split(command[1])) == 0
    assert text == capsys.readouterr().out, f"run: ppo-doctor {command[1]} > {page.relative_to(ROOT)}"


def test_the_pages_of_rules_and_causes_are_generated() -> None:
    names = {path.stem for path in PAGES if GENERATED.search(path.read_text(encoding="utf-8"))}
    assert {"rules", "causes"} <= names  # tests/test_every_fault.py sees to the page of faults


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_link_leads_to_a_file(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []
