"""A table that goes on over the end of a page: one table, its titles once, its cut row whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

from kh_nlp.reading.pdf.lines import PrintedLine
from kh_nlp.reading.pdf.pages import Table
from kh_nlp.reading.reflow import starts_paragraph
from kh_nlp.reading.tables import Cell

_NEAR = 4.0  # points between edges of a column on two pages
_TITLE_ROWS = 3
_CLOSED = re.compile(r"[.;:!?…][”\"’»)\]]*$|/\.$")
_OPEN = re.compile(r"(?:[,–-]|\s(?:và|của|các|về|với|cho|trong|tại|từ|đến|số|ngày))$")
_PADDING = 6.0  # points that cells keep free at either side, about
_BLANK = 0.25  # width of a blank in font sizes

_Printed = Sequence[PrintedLine]
_Item = TypeVar("_Item")


class OpenTable:
    """The rows of a table so far; more may stand at the head of the next page."""

    def __init__(self, rows: list[list[Cell]], table: Table) -> None:
        self.rows = rows
        self._columns = list(table.columns)
        self._titles = [_text(row) for row in rows[:_TITLE_ROWS]]
        self._last: Sequence[_Printed] = table.rows[-1] if table.rows else []
        self._open = table.open

    def takes(self, columns: Sequence[float]) -> bool:
        """Whether a table on the next page has the same columns, or some of them merged."""
        own = self._columns
        if abs(own[0] - columns[0]) > _NEAR or abs(own[-1] - columns[-1]) > _NEAR:
            return False
        return all(min(abs(a - b) for b in own) <= _NEAR for a in columns)

    def go_on(self, rows: list[list[Cell]], table: Table) -> None:
        """Take the rows of the next page; title rows printed again are dropped."""
        rows = [_spread(row, table.columns, self._columns) for row in rows]
        printed = [_spread(row, table.columns, self._columns) for row in table.rows]
        again = 0
        while again < min(len(rows), len(self._titles)) and (
            _text(rows[again]) == self._titles[again]
        ):
            again += 1
        rows, printed = rows[again:], printed[again:]
        if not rows:
            return
        if self.rows and self._was_cut(self._last, printed[0]):
            self.rows[-1] = [(*a, *b) for a, b in zip(self.rows[-1], rows[0], strict=True)]
            rows = rows[1:]
        self.rows += rows
        self._last, self._open = printed[-1], table.open

    def _was_cut(self, above: Sequence[_Printed], row: Sequence[_Printed]) -> bool:
        """Whether ``row`` is the rest of ``above``, which the end of the page cut.

        A row of its own may begin with an empty cell too, its number being merged with the row
        above; then its cells begin anew. So the first cell must be empty, and no cell may hold
        something below an empty one. A table without a line at the end of the page is cut for sure.
        Else some cell must go on in the middle of a sentence, and none may begin below a line
        that had room for its first word.
        """
        if len(above) != len(row) or row[0]:
            return False
        if any(below and not cell for cell, below in zip(above, row, strict=True)):
            return False
        if self._open:
            return True
        widths = [right - left for left, right in pairwise(self._columns)]
        found = [
            _goes_on(cell, below, width)
            for cell, below, width in zip(above, row, widths, strict=True)
            if cell and below
        ]
        if False in found:
            return False
        return True in found or 2 * len(found) < len(row)


def _goes_on(cell: _Printed, below: _Printed, width: float) -> bool | None:
    """Whether a cell goes on in the one below it; ``None`` when that cannot be told."""
    last, first = cell[-1], below[0]
    if _OPEN.search(last.text):
        return True
    closed = bool(_CLOSED.search(last.text))
    if first.text[0].islower():
        return None if closed else True
    if starts_paragraph(first.text):
        return None
    # the cell may be merged over more columns than the one it is counted in: then nothing is told
    taken = last.right - last.left
    if taken + _BLANK * last.size + first.first_width < width - 2 * _PADDING:
        return False
    return None if closed else True


def _spread(
    row: Sequence[Sequence[_Item]], columns: Sequence[float], own: Sequence[float]
) -> list[tuple[_Item, ...]]:
    """A row put into other columns by the left edges of its cells."""
    if len(row) == len(own) - 1:
        return [tuple(cell) for cell in row]
    out: list[tuple[_Item, ...]] = [()] * (len(own) - 1)
    for cell, left in zip(row, columns, strict=False):
        place = min(range(len(own) - 1), key=lambda k: abs(own[k] - left))
        out[place] = (*out[place], *cell)
    return out


def _text(row: Sequence[Cell]) -> str:
    return "|".join(" ".join(line.text for line in cell) for cell in row).casefold()
