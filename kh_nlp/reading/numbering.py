"""The numbers that Word computes for lists: "I.", "1.1.", "a)", bullets."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACE = re.compile(r"%(\d)")
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
BULLET = "-"


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    format: str = "decimal"
    text: str = ""
    restart: int | None = None  # the level (from 1) that sets it back; None: every higher one


@dataclass(slots=True)
class Numbering:
    """Lists of a document and how far each has counted."""

    lists: dict[str, dict[int, _Level]] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def label(self, number: str | None, level: int) -> str | None:
        """The label of the next paragraph of a list at a level (from 0); ``None`` outside lists.

        Lists made from one abstract list count on together, as Word does, unless they override it.
        """
        levels = self.lists.get(number or "")
        if levels is None or level not in levels:
            return None
        counts = self.counts.setdefault(self.shared.get(number or "", number or ""), {})
        here = levels[level]
        counts[level] = counts[level] + 1 if level in counts else here.start
        for deeper in [other for other in counts if other > level]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or level < restart:
                del counts[deeper]
        if here.format == "bullet":
            return BULLET
        if here.format == "none":
            return None

        def shown(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            known = levels.get(place, _Level())
            value = counts.get(place, known.start)
            return _FORMATS.get(known.format, str)(value)

        return _PLACE.sub(shown, here.text).strip() or None


def read_numbering(root: Any) -> Numbering:
    """The lists of ``word/numbering.xml`` (``None``: there are none)."""
    found = Numbering()
    if root is None:
        return found
    abstract: dict[str, dict[int, _Level]] = {}
    for element in root.iter(W + "abstractNum"):
        abstract[element.get(W + "abstractNumId")] = dict(map(_level, element.iter(W + "lvl")))
    for element in root.iter(W + "num"):
        number = element.get(W + "numId")
        base = element.find(W + "abstractNumId").get(W + "val")
        levels = dict(abstract.get(base, {}))
        found.shared[number] = f"abstract {base}"
        for override in element.iter(W + "lvlOverride"):
            place = int(override.get(W + "ilvl"))
            own = override.find(W + "lvl")
            if own is not None:
                levels[place] = _level(own)[1]
            start = override.find(W + "startOverride")
            if start is not None and place in levels:
                old = levels[place]
                levels[place] = _Level(int(start.get(W + "val")), old.format, old.text, old.restart)
                found.shared[number] = number  # it begins anew
        found.lists[number] = levels
    return found


def _level(element: Any) -> tuple[int, _Level]:
    def value(name: str, default: str) -> str:
        child = element.find(W + name)
        return default if child is None else child.get(W + "val") or default

    restart = element.find(W + "lvlRestart")
    return int(element.get(W + "ilvl")), _Level(
        start=int(value("start", "1")),
        format=value("numFmt", "decimal"),
        text=value("lvlText", ""),
        restart=None if restart is None else int(restart.get(W + "val")),
    )


def _roman(value: int) -> str:
    out = ""
    for size, letters in _ROMAN:
        while value >= size:
            out, value = out + letters, value - size
    return out


def _letter(value: int) -> str:
    """Letters a … z, then aa, bb, as Word counts."""
    return chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1) if value > 0 else "0"


_FORMATS: dict[str, Callable[[int], str]] = {
    "upperRoman": _roman,
    "lowerRoman": lambda value: _roman(value).lower(),
    "lowerLetter": _letter,
    "upperLetter": lambda value: _letter(value).upper(),
    "decimalZero": lambda value: f"{value:02d}",
}


_HTML_TYPES = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
}


def list_label(item: Any) -> str:
    """What a browser prints before an ``<li>``: its number with a point, or a bullet."""
    holder = item.getparent()
    if holder is None or holder.tag != "ol":
        return BULLET
    start = holder.get("start") or "1"
    value = int(start) if start.lstrip("-").isdigit() else 1
    for sibling in holder:
        if sibling.tag != "li":
            continue
        told = sibling.get("value") or ""
        value = int(told) if told.isdigit() else value
        if sibling is item:
            break
        value += 1
    return _FORMATS.get(_HTML_TYPES.get(holder.get("type") or "1", ""), str)(value) + "."
