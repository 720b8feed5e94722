"""Tables whose cells stand side by side, kept apart by blanks only.

The titles tell the columns; a row begins at a number in the first one. Columns may stand elsewhere
in every row (a converter moves them), so the words of a row are gathered into columns of their own:
what overlaps from line to line is one cell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kh_nlp.reading.columns import meaning, plain
from kh_nlp.reading.lines import Line
from kh_nlp.reading.placed import Piece, Placed
from kh_nlp.reading.tables import Cell, Item, Row

_ORDER = re.compile(r"^(?:s ?t ?t|t ?t|so tt)$")
_NUMBER = re.compile(r"^(?:\d{1,3}(?:\.\d{1,2})*|[IVXL]{1,5}|[A-HĐ])[.)]?$")
_PAGE = re.compile(r"^[-–—\s]*\d{1,3}[-–—\s]*$")
_TITLE_LINES = 6


_Part = tuple[int, Piece, Line]
"""The number of a line, a piece of it, and its words."""


@dataclass(slots=True)
class _Column:
    """Pieces that overlap, as one column of a row: from ``lo`` to ``hi``."""

    lo: int
    hi: int
    parts: list[_Part] = field(default_factory=list)

    @property
    def cell(self) -> Cell:
        return _cell(self.parts)

    @property
    def words(self) -> str:
        return " ".join(line.text for line in self.cell)


def _cell(parts: Sequence[_Part]) -> Cell:
    return tuple(line for _, _, line in sorted(parts, key=lambda part: (part[0], part[1].at)))


def read_table(placed: Sequence[Placed], index: int, table: int) -> tuple[list[Item], int]:
    """Rows of the table whose titles begin at ``index``, and where it ends; else nothing."""
    begin = _title_lines(placed, index)
    if begin is None:
        return [], index
    titles = _title_columns(placed[index:begin])
    meanings = [meaning(title.words) for title in titles]
    known = set(meanings)
    if len(titles) < 3 or not _ORDER.match(plain(titles[0].words)):
        return [], index
    if "content" not in known or not known & {"lead", "deadline", "partners"}:
        return [], index
    bounds, end = _row_bounds(placed, begin, titles)
    if not bounds:
        return [], index
    rows: list[Item] = [Row(tuple(title.cell for title in titles), table)]
    for first, last in bounds:
        rows.append(Row(_cells(placed[first:last], titles), table))
    return rows, end


def _title_lines(placed: Sequence[Placed], index: int) -> int | None:
    """Where the titles that begin at ``index`` end: at the first row, a number at its left."""
    named: Piece | None = None
    for at in range(index, min(len(placed), index + _TITLE_LINES)):
        here = placed[at]
        left = here.pieces[0]
        if _ORDER.match(plain(here.words(left))) and len(here.pieces) > 1:
            named = left
        elif named and len(here.pieces) > 1 and _NUMBER.match(here.words(left)):
            return at if left.at <= named.ends + 2 else None
        elif len(here.line.text) > 90 or (named is None and len(here.pieces) < 2):
            return None
    return None


def _title_columns(lines: Sequence[Placed]) -> list[_Column]:
    """Columns of the titles; one over several others is read as part of the first of these."""
    found: list[_Column] = []
    for column in _columns(lines):
        under = _columns_below(column)
        found += under if under else [column]
    return found


def _columns_below(column: _Column) -> list[_Column]:
    """The columns that the lower lines of a common title hold, its own words with the first."""
    upper = min(number for number, _, _ in column.parts)
    lower = [part for part in column.parts if part[0] > upper]
    if not lower:
        return []
    above = [part for part in column.parts if part[0] == upper]
    under = _merged(lower)
    if len(under) < 2 or len(above) > 1:
        return []
    under[0].parts += above
    return under


def _columns(lines: Sequence[Placed]) -> list[_Column]:
    """Pieces of some lines as columns from left to right."""
    return _merged(
        [
            (number, piece, here.cut([piece]))
            for number, here in enumerate(lines)
            for piece in here.pieces
        ]
    )


def _merged(parts: Sequence[_Part]) -> list[_Column]:
    """Parts that overlap put together, from left to right."""
    columns: list[_Column] = []
    for part in parts:
        piece = part[1]
        touched = [c for c in columns if piece.at < c.hi and c.lo < piece.ends]
        merged = _Column(piece.at, piece.ends, [part])
        for column in touched:
            merged.lo, merged.hi = min(merged.lo, column.lo), max(merged.hi, column.hi)
            merged.parts += column.parts
            columns.remove(column)
        columns.append(merged)
    return sorted(columns, key=lambda column: column.lo)


def _row_bounds(
    placed: Sequence[Placed], begin: int, titles: Sequence[_Column]
) -> tuple[list[tuple[int, int]], int]:
    """First and last line of each row, and where the table ends."""
    edge = titles[0].hi + 2
    starts: list[int] = []
    at = begin
    while at < len(placed):
        here = placed[at]
        left = here.pieces[0]
        if left.at <= edge:
            if not (_NUMBER.match(here.words(left)) and len(here.pieces) > 1):
                break
            starts.append(at)
        elif len(here.pieces) == 1 and _PAGE.match(here.line.text):
            pass  # the number of a page; the row goes on behind it
        elif len(here.line.text) > 0.9 * titles[-1].hi and len(here.pieces) == 1:
            break
        at += 1
    ends = [*starts[1:], at]
    return list(zip(starts, ends, strict=True)), at


def _cells(lines: Sequence[Placed], titles: Sequence[_Column]) -> tuple[Cell, ...]:
    """Cells of one row, one for each title, empty where the row has no words."""
    kept = [here for here in lines if len(here.pieces) > 1 or not _PAGE.match(here.line.text)]
    number = kept[0].cut(kept[0].pieces[:1])
    rest = [Placed(kept[0].line, kept[0].pieces[1:]), *kept[1:]]
    found = _columns(rest)
    cells: list[list[_Part]] = [[] for _ in titles]
    if len(found) == len(titles) - 1:
        for place, column in enumerate(found, 1):
            cells[place] = column.parts
    else:
        least = 1
        for column in found:
            best = max(range(least, len(titles)), key=lambda i: _nearness(column, titles[i]))
            cells[best] += column.parts
            least = best
    return ((number,), *(_cell(parts) for parts in cells[1:]))


def _nearness(column: _Column, title: _Column) -> int:
    """How far two columns overlap, negative when they lie apart."""
    return min(column.hi, title.hi) - max(column.lo, title.lo)
