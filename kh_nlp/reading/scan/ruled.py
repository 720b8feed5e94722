"""Tables as they are in the whole file: one that goes on overleaf is numbered through."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from kh_nlp.reading.scan.codes import settle_cell
from kh_nlp.reading.scan.numbering import Row, settle_numbers
from kh_nlp.reading.scan.pages import LayoutTable, PageLayout

_SAME = 0.8  # likeness of title rows that are printed again, each with misread letters of its own
_NOTE = re.compile(r"^[⁰¹²³⁴-⁹]")


def settled_tables(
    layouts: Sequence[PageLayout],
) -> Iterator[tuple[tuple[int, int], LayoutTable]]:
    """Tables with codes and numbers set right, by page and item."""
    tables = {
        (p, i): [[settle_cell(cell) for cell in row] for row in item.rows]
        for p, layout in enumerate(layouts)
        for i, item in enumerate(layout.items)
        if isinstance(item, LayoutTable)
    }
    whole: list[Row] = []
    titles: list[tuple[Row, Row]] = []  # printed again, and as printed first
    last: tuple[int, int] | None = None
    for place, rows in tables.items():
        if last is None or not _goes_on(layouts, last, place):
            _settle(whole)
            whole = []
        again = _repeated(rows, whole[:3])
        titles += zip(rows[:again], whole, strict=False)
        whole += rows[again:]
        last = place
    _settle(whole)
    for row, title in titles:
        row[0] = title[0] if row[0] else row[0]
    for place, rows in tables.items():
        yield place, LayoutTable(tuple(tuple(row) for row in rows))


def _goes_on(layouts: Sequence[PageLayout], last: tuple[int, int], place: tuple[int, int]) -> bool:
    """Whether a table at the head of a page has as many columns as the one that ended the last."""
    one, other = (layouts[p].items[i] for p, i in (last, place))
    assert isinstance(one, LayoutTable) and isinstance(other, LayoutTable)
    below = layouts[last[0]].items[last[1] + 1 :]
    notes = not below or (not isinstance(below[0], LayoutTable) and _NOTE.match(below[0].text))
    overleaf = place == (last[0] + 1, 0) and bool(notes)
    return overleaf and len(one.rows[0]) == len(other.rows[0])


def _repeated(rows: Sequence[Row], titles: Sequence[Row]) -> int:
    """How many rows at the head of a page are titles again or the rest of a row cut by its end."""
    count = 0
    for row, title in zip(rows, titles, strict=False):
        likeness = SequenceMatcher(None, _flat(row), _flat(title), autojunk=False).ratio()
        if likeness < _SAME:
            break
        count += 1
    return count + (count < len(rows) and not rows[count][0])


def _flat(row: Row) -> str:
    return "|".join(" ".join(cell) for cell in row).casefold()


def _settle(rows: list[Row]) -> None:
    """Set right the numbers of a whole table, in place."""
    for row, below in pairwise(rows):
        # the first group of a table: "I" above the row that is number 1 itself
        if row[0] in (("1",), ("l",), ("|",)) and below[0] == ("1",) and sum(map(bool, row)) < 3:
            row[0] = ("I",)
    if rows:
        settle_numbers(rows)
