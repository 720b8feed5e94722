"""The numbers that Word computes for lists: "I.", "1.1.", "a)", bullets.

Source: ECMA-376, part 1, 17.9 (numbering).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from kh_nlp.reading.word.package import W, number, switched, value

_PLACE = re.compile(r"%([1-9])")
_MOST = 100_000  # labels above it are no numbers of a list
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip

SIGNS = {
    "\uf0b7": "•", "\uf0a7": "▪", "\uf06e": "▪", "\uf06f": "○", "\uf0a8": "○", "\uf0d8": "•",
    "\uf0fc": "✓", "\uf0e0": "→", "\uf0e8": "→", "\uf0f0": "⇒", "\uf02d": "-", "\uf02b": "+",
    "\uf02a": "*", "\uf076": "•", "\uf0be": "-", "\uf02f": "/", "\uf020": " ", "\uf0a3": "≤",
    "\uf0b3": "≥", "\uf0b4": "×", "\uf0b1": "±", "\uf0b0": "°", "\uf0ae": "→", "\uf0de": "⇒",
    "\uf0fe": "☒", "\uf071": "☐", "\uf078": "☒", "\uf052": "☑",
}  # fmt: skip
"""What the usual signs of the fonts Symbol and Wingdings look like."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list. ``restart``: the level (from 1) that sets it back, 0: none, ``None``:
    every higher one. ``legal``: the numbers of higher levels are shown as decimals.
    """

    start: int = 1
    format: str = "decimal"
    text: str = ""
    after: str = "tab"
    restart: int | None = None
    legal: bool = False
    style: str | None = None


@dataclass(slots=True)
class _List:
    """A list (``w:num``): the abstract list it counts with, its levels, where it starts anew."""

    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Lists of a document and how far each has counted. ``root`` is ``word/numbering.xml``."""

    def __init__(self, root: Any) -> None:
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        if root is not None:
            self._read(root)

    def level_of(self, id: str | None, lineage: tuple[str, ...]) -> int | None:
        """The level of a list that is tied to one of these styles, the nearest first."""
        found = self._lists.get(id or "")
        if found is None:
            return None
        for style in lineage:
            for place, level in found.levels.items():
                if level.style == style:
                    return place
        return None

    def label(self, id: str | None, place: int) -> str:
        """What stands before the next paragraph of a list at a level (from 0), with the blank
        after it; empty outside lists.

        Lists made from one abstract list count on together; one with a start of its own begins
        there when it is met first.
        """
        found = self._lists.get(id or "")
        if found is None or id is None or place not in found.levels:
            return ""
        here = found.levels[place]
        counts = self._counts.setdefault(found.abstract, {})
        if place in found.starts and (id, place) not in self._begun:
            counts[place] = found.starts[place]
        else:
            counts[place] = counts[place] + 1 if place in counts else here.start
        self._begun.add((id, place))
        for deeper in [other for other in counts if other > place]:
            restart = found.levels[deeper].restart if deeper in found.levels else None
            if restart is None or place < restart:
                del counts[deeper]
        shown = self._shown(found, here, counts)
        return shown + ("" if here.after == "nothing" or not shown else " ")

    def _shown(self, found: _List, here: Level, counts: dict[int, int]) -> str:
        if here.format == "bullet":
            return _bullet(here.text)

        def count(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            level = found.levels.get(place, Level())
            style = "decimal" if here.legal and level.format != "decimalZero" else level.format
            return formatted(counts.get(place, level.start), style)

        return _PLACE.sub(count, here.text).strip()

    def _read(self, root: Any) -> None:
        abstract: dict[str, dict[int, Level]] = {}
        linked: dict[str, str] = {}  # abstract list → the style whose list it stands for
        homes: dict[str, str] = {}  # style → the abstract list that defines it
        for element in root.iter(W + "abstractNum"):
            id = element.get(W + "abstractNumId") or ""
            abstract[id] = dict(map(_level, element.iterchildren(W + "lvl")))
            for name, known in (("numStyleLink", linked), ("styleLink", homes)):
                style = value(element, name)
                if style is not None:
                    known.update({id: style} if known is linked else {style: id})
        for element in root.iter(W + "num"):
            base = value(element, "abstractNumId") or ""
            base = homes.get(linked.get(base, ""), base)
            made = _List(base, dict(abstract.get(base, {})))
            for override in element.iterchildren(W + "lvlOverride"):
                self._override(made, override)
            self._lists[element.get(W + "numId") or ""] = made

    def _override(self, made: _List, override: Any) -> None:
        place = number(override.get(W + "ilvl"))
        own = override.find(W + "lvl")
        if own is not None:
            made.levels[place] = _level(own)[1]
        start = value(override, "startOverride")
        if start is not None:
            made.starts[place] = number(start, 1)
            made.levels[place] = replace(made.levels.get(place, Level()), start=number(start, 1))


def _level(element: Any) -> tuple[int, Level]:
    formats = [found.get(W + "val") for found in element.iter(W + "numFmt")]  # the last is simplest
    restart = value(element, "lvlRestart")
    return number(element.get(W + "ilvl")), Level(
        start=number(value(element, "start"), 1),
        format=(formats[-1] if formats else None) or "decimal",
        text=value(element, "lvlText") or "",
        after=value(element, "suff") or "tab",
        restart=None if restart is None else number(restart),
        legal=bool(switched(element, "isLgl")),
        style=value(element, "pStyle"),
    )


def _bullet(text: str) -> str:
    """The sign of a list; one that only its font can draw becomes "•"."""
    text = text.strip()
    if not text:
        return ""
    if text == "o":  # a letter of Courier that stands for a ring
        return "○"
    return "".join(SIGNS.get(sign, "•" if "\ue000" <= sign <= "\uf8ff" else sign) for sign in text)


def _roman(count: int) -> str:
    out = ""
    for size, letters in _ROMAN:
        while count >= size:
            out, count = out + letters, count - size
    return out


def _letter(count: int) -> str:
    """Letters a … z, then aa, bb, as Word counts (there is no "đ")."""
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1) if count > 0 else "0"


_FORMATS: dict[str, Callable[[int], str]] = {
    "upperRoman": _roman,
    "lowerRoman": lambda count: _roman(count).lower(),
    "lowerLetter": _letter,
    "upperLetter": lambda count: _letter(count).upper(),
    "decimalZero": lambda count: f"{count:02d}",
    "none": lambda count: "",
}


def formatted(count: int, format: str) -> str:
    """A number in one of Word's formats (``upperRoman``, ``lowerLetter``, …), else in digits."""
    return _FORMATS.get(format, str)(count) if count < _MOST else str(count)
