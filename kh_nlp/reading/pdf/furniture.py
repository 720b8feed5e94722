"""Page numbers and running heads, known by their place and by being there again and again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from kh_nlp.reading.pdf.lines import PrintedLine

_NUMBER = re.compile(r"^[-–—\s]*(?:Trang\s*)?(\d{1,4})(?:\s*/\s*\d{1,4})?[-–—\s]*$")
_MARGIN = 0.1  # of the page's height, at its head and at its foot
_PAGES = 3  # on which a running head stands at least,
_SHARE = 0.25  # and of all pages
_LONGEST = 160  # characters of a running head
_CENTRED = 0.04  # of the page's width off its middle


class Furnished(Protocol):
    """A page whose lines are sorted from the top downwards."""

    number: int
    width: float
    height: float
    lines: list[PrintedLine]


_Place = tuple[Furnished, PrintedLine]


def drop_furniture(pages: Sequence[Furnished]) -> None:
    """Take page numbers and running heads out of the lines of all pages."""
    _drop_numbers(pages)
    for _ in range(3):  # a running head of up to three lines
        if not _drop_heads(pages):
            break


def _drop_numbers(pages: Sequence[Furnished]) -> None:
    """Numbers at the edge that count the pages, or stand in the middle alone."""
    found: list[tuple[Furnished, PrintedLine, int]] = []
    for page in pages:
        for line in _edges(page):
            match = _NUMBER.match(line.text)
            if match:
                found.append((page, line, int(match.group(1)) - page.number))
    shifts = Counter(shift for *_, shift in found)
    for page, line, shift in found:
        middle = abs((line.left + line.right) / 2 - page.width / 2) < _CENTRED * page.width
        if (shift == 1 or shifts[shift] > 1 or middle) and line in page.lines:
            page.lines.remove(line)


def _drop_heads(pages: Sequence[Furnished]) -> bool:
    places: dict[tuple[str, int, bool], list[_Place]] = {}
    for page in pages:
        for line in _edges(page):
            if len(line.text) <= _LONGEST and len(page.lines) > 1:
                head = line.base < page.height / 2
                key = (re.sub(r"\d+", "#", line.text), round(line.base / 4), head)
                places.setdefault(key, []).append((page, line))
    dropped = False
    for same in places.values():
        if len(same) >= max(_PAGES, _SHARE * len(pages)):
            for page, line in same:
                page.lines.remove(line)
            dropped = True
    return dropped


def _edges(page: Furnished) -> list[PrintedLine]:
    """The first and the last line of a page if they stand in its margins."""
    if not page.lines:
        return []
    out = []
    first, last = page.lines[0], page.lines[-1]
    if first.base < _MARGIN * page.height:
        out.append(first)
    if last is not first and last.base > (1 - _MARGIN) * page.height:
        out.append(last)
    return out
