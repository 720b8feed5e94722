"""Where the characters of a changed text came from.

``Marks`` are pairs (offset in the changed text, offset in the original), both rising. From one pair
to the next, characters go along one by one; what is skipped or joined begins a new pair.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence

Marks = tuple[tuple[int, int], ...]

UNCHANGED: Marks = ((0, 0),)

_CLUSTER = re.compile(r"[^\u0300-\u036f]?[\u0300-\u036f]+")


def origin(marks: Sequence[tuple[int, int]], offset: int) -> int:
    """The offset in the original of a character of the changed text."""
    at = max(0, bisect_right(marks, offset, key=lambda mark: mark[0]) - 1)
    start, before = marks[at]
    return before + offset - start


def offset_of(marks: Sequence[tuple[int, int]], original: int) -> int:
    """Where a character of the original now stands; one that was joined: where the whole stands."""
    at = max(0, bisect_right(marks, original, key=lambda mark: mark[1]) - 1)
    start, before = marks[at]
    offset = start + original - before
    return offset if at + 1 == len(marks) else min(offset, marks[at + 1][0])


def through(
    outer: Sequence[tuple[int, int]], inner: Sequence[tuple[int, int]], length: int
) -> Marks:
    """Marks of a text changed twice: ``inner`` first, then ``outer``; ``length`` of the result."""
    out: list[tuple[int, int]] = []
    for index, (start, middle) in enumerate(outer):
        end = outer[index + 1][0] if index + 1 < len(outer) else length
        out.append((start, origin(inner, middle)))
        at = bisect_right(inner, middle, key=lambda mark: mark[0])
        while at < len(inner) and inner[at][0] < middle + end - start:
            out.append((start + inner[at][0] - middle, inner[at][1]))
            at += 1
    return tuple(out)


def composed(text: str) -> tuple[str, Marks]:
    """NFC of a text; every composed letter begins a new origin."""
    if unicodedata.is_normalized("NFC", text):
        return text, UNCHANGED
    changes = [
        (match.start(), match.end(), unicodedata.normalize("NFC", match.group()))
        for match in _CLUSTER.finditer(text)
    ]
    return replaced(text, changes)


def replaced(text: str, changes: Sequence[tuple[int, int, str]]) -> tuple[str, Marks]:
    """The text with ``changes`` (start, end, new text), which are in order and do not overlap."""
    pieces: list[str] = []
    marks: list[tuple[int, int]] = [(0, 0)]
    at = length = 0
    for start, end, new in changes:
        pieces += (text[at:start], new)
        length += start - at
        if end - start != len(new):
            marks.append((length, start))
            marks.append((length + len(new), end))
        length += len(new)
        at = end
    pieces.append(text[at:])
    return "".join(pieces), _tidied(marks)


def _tidied(marks: Sequence[tuple[int, int]]) -> Marks:
    """Of marks at one offset the last counts; those that say nothing new are dropped."""
    out: list[tuple[int, int]] = []
    for mark in marks:
        if out and out[-1][0] == mark[0]:
            out.pop()
        if not out or mark[1] - out[-1][1] != mark[0] - out[-1][0]:
            out.append(mark)
    return tuple(out)
