"""Labels as Word computes them: which paragraphs can be numbered, and the numbering part.

A list is numbered only where Word's own count gives what the source prints; letters only up to
"d)", since Word knows no "đ)" and offices type it by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .layout import Label

_FORMATS = {
    "roman": "upperRoman",
    "upper": "upperLetter",
    "arabic": "decimal",
    "letter": "lowerLetter",
    "bracket": "decimal",
}
_LETTERS = 4  # a, b, c, d
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV")
BULLETS = ("-", "+")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A paragraph of list ``number`` (``w:numId``) on ``level``; ``printed`` is left out of it."""

    number: int
    level: int
    printed: str


@dataclass(slots=True)
class _List:
    style: str
    start: int
    suffix: str
    number: int
    below: str | None = None  # suffix of the decimals under it


class Numbering:
    """Deals ``w:num`` ids to lists and writes their definitions."""

    def __init__(self, labels: Sequence[Label]) -> None:
        self._lists: dict[int, _List] = {}
        self._decimals: dict[int, int] = {}  # decimal list -> list that numbers it
        self._next = len(BULLETS)
        members: dict[int, list[Label]] = {}
        for label in labels:
            members.setdefault(label.list, []).append(label)
        for key, own in members.items():
            self._take(key, own)
        for key, own in members.items():
            self._take_decimals(key, own)
        self.rows: list[int] = []

    def _take(self, key: int, own: Sequence[Label]) -> None:
        first = own[0]
        suffix = first.printed[-1:]
        if first.style not in _FORMATS or suffix not in ".)":
            return
        counts = [label.ordinal for label in own]
        regular = counts == list(range(counts[0], counts[0] + len(counts)))
        if not regular or (first.style == "letter" and counts[0] != 1):
            return
        as_computed = (
            label.printed == _computed(first.style, label.ordinal, suffix)
            for label in own
            if first.style != "letter" or label.ordinal <= _LETTERS
        )
        if all(as_computed):
            self._next += 1
            self._lists[key] = _List(first.style, counts[0], suffix, self._next)

    def _take_decimals(self, key: int, own: Sequence[Label]) -> None:
        first = own[0]
        holder = self._lists.get(first.holder)
        if first.style != "decimal" or holder is None or holder.style != "arabic":
            return
        suffix = "." if first.printed.endswith(".") else ""
        if holder.below not in (None, suffix) or len(first.prefix) != 1:
            return
        expected = [f"{first.prefix[0]}.{n}{suffix}" for n in range(1, len(own) + 1)]
        if [label.printed for label in own] == expected:
            holder.below = suffix
            self._decimals[key] = first.holder

    def of(self, label: Label | None) -> Numbered | None:
        """How the paragraph with this label is numbered, ``None`` where the label is typed."""
        if label is None:
            return None
        if label.list in self._decimals:
            return Numbered(self._lists[self._decimals[label.list]].number, 1, label.printed)
        own = self._lists.get(label.list)
        if own is None or (own.style == "letter" and label.ordinal > _LETTERS):
            return None
        return Numbered(own.number, 0, label.printed)

    def bullet(self, text: str) -> Numbered | None:
        """A list item with a dash or a plus, ``None`` for other text."""
        for at, sign in enumerate(BULLETS):
            if text.startswith(sign + " "):
                return Numbered(at + 1, 0, sign)
        return None

    def column(self) -> int:
        """A new list for the running numbers of a table."""
        self._next += 1
        self.rows.append(self._next)
        return self._next

    def xml(self) -> str:
        """Children of ``w:numbering``, to be asked for when every paragraph is written."""
        abstract: list[str] = []
        numbers: list[str] = []
        for at, sign in enumerate(BULLETS, 1):
            abstract.append(_abstract(at, [_level(0, "bullet", sign)]))
            numbers.append(_number(at))
        for own in self._lists.values():
            levels = [_level(0, _FORMATS[own.style], _pattern(own.style, own.suffix), own.start)]
            if own.below is not None:
                levels.append(_level(1, "decimal", f"%1.%2{own.below}"))
            abstract.append(_abstract(own.number, levels))
            numbers.append(_number(own.number))
        for number in self.rows:
            abstract.append(_abstract(number, [_level(0, "decimal", "%1", suff="nothing")]))
            numbers.append(_number(number))
        return "".join(abstract + numbers)


def _pattern(style: str, suffix: str) -> str:
    return "(%1)" if style == "bracket" else f"%1{suffix}"


def _computed(style: str, ordinal: int, suffix: str) -> str:
    if style == "roman":
        return f"{_ROMANS[ordinal - 1]}{suffix}" if ordinal <= len(_ROMANS) else ""
    if style == "upper":
        return f"{'ABCD'[ordinal - 1]}{suffix}" if ordinal <= _LETTERS else ""
    if style == "letter":
        return f"{'abcd'[ordinal - 1]}{suffix}" if ordinal <= _LETTERS else ""
    return f"({ordinal})" if style == "bracket" else f"{ordinal}{suffix}"


def _level(level: int, form: str, text: str, start: int = 1, suff: str = "space") -> str:
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>'
        f'<w:suff w:val="{suff}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
    )


def _abstract(number: int, levels: Sequence[str]) -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>'
        f"{''.join(levels)}</w:abstractNum>"
    )


def _number(number: int) -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
