"""The part of YAML in which trainers write settings: nested `key: value`, and the Zoo's lists of pairs. Runs nothing.

Tags (`!!python/...`), anchors, flow collections and multi-line texts are passed over.
"""

from __future__ import annotations

import re

PAIR = re.compile(r"^(?P<indent> *)(?P<key>[\w.'\" /-]+?)\s*:(?:\s+(?P<value>.*))?$")
ITEM = re.compile(r"^ *(?:- +)*- +(?P<item>[^\s:#-][^:#]*|-?[\d.][^:#]*)$")
NUMBER = re.compile(r"[-+]?(\d[\d_]*)?(\.\d*)?(e[-+]?\d+)?", re.IGNORECASE)


def flat(text: str) -> dict[str, float | str]:
    """Every scalar by its path, joined by "/"; of a list of pairs (`- - key`, `  - value`), the value by its key."""
    found: dict[str, float | str] = {}
    path: list[tuple[int, str]] = []
    key: str | None = None
    for raw in text.splitlines():
        line = re.sub(r"\s+#.*$", "", raw).rstrip()
        if not line or line.lstrip().startswith("#"):
            continue
        if item := ITEM.match(line):
            word = item["item"].strip()
            if "- -" in line:
                key = _bare(word)
            elif key is not None:
                found[key], key = scalar(word), None
        elif pair := PAIR.match(line):
            indent = len(pair["indent"])
            path = [one for one in path if one[0] < indent]
            value = (pair["value"] or "").strip()
            name = "/".join([*(one for _, one in path), _bare(pair["key"])])
            if not value or value.startswith(("!", "&")):
                path.append((indent, _bare(pair["key"])))
            elif value[0] not in "[{|>*":
                found[name] = scalar(value)
    return found


def scalar(word: str) -> float | str:
    """A number or truth value, or the word without its quotes."""
    lower = word.lower()
    if lower in ("true", "yes", "on", "false", "no", "off"):
        return float(lower in ("true", "yes", "on"))
    if any(c.isdigit() for c in word) and NUMBER.fullmatch(word):
        try:
            return float(word)
        except ValueError:
            return word
    return _bare(word)


def _bare(word: str) -> str:
    return word.strip().strip("'\"")
