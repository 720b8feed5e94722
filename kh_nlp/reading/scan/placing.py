"""A page's layout handed to the builder; a table that goes on over pages stays one table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from kh_nlp.reading.extract import ExtractBuilder
from kh_nlp.reading.lines import Line
from kh_nlp.reading.scan.pages import LayoutLine, LayoutTable, PageLayout
from kh_nlp.reading.tables import Cell, Row

LOW_CONFIDENCE = 75.0
"""Mean confidence of a page below which its words are often wrong (a good scan has 93-97)."""

_NOTE = re.compile(r"^[⁰¹²³⁴-⁹]")
_NUMBER = re.compile(r"^(?:\d{1,3}(?:\.\d{1,3})*|[IVX]{1,5}|[A-Z])\s*[.)]?$")
_SAME = 0.8  # likeness of two title rows, each with misread letters of its own


def place(layout: PageLayout, builder: ExtractBuilder, page: int) -> None:
    """Place what stands on a page after what is there. ``page`` counts from 1.

    A table at the head of the page with as many columns as the one that ends the page before goes
    on with it: title rows printed again are dropped, and a first row without a number goes on
    with the row above. Pages without text or with doubtful text are told in a warning.
    """
    if layout.fault:
        builder.warn(f"Trang {page}: {layout.fault}.")
        return
    if not layout.items:
        builder.pages = max(builder.pages, page)
        builder.warn(f"Trang {page}: không nhận dạng được chữ nào (trang trắng hoặc chỉ có hình).")
        return
    if layout.confidence < LOW_CONFIDENCE:
        builder.warn(
            f"Trang {page}: bản quét khó đọc, kết quả nhận dạng không chắc "
            f"(độ tin cậy {layout.confidence:.0f}%); nên đối chiếu với bản gốc."
        )
    number = 0
    for index, item in enumerate(layout.items):
        if isinstance(item, LayoutTable):
            number = _place_table(item, builder, page, number, at_head=index == 0)
            continue
        number += 1
        builder.add(_line(item, builder, page, number, first=index == 0))


def _line(
    item: LayoutLine, builder: ExtractBuilder, page: int, number: int, *, first: bool
) -> Line | None:
    return builder.line(
        item.text,
        page=page,
        number=number,
        after_blank=item.after_blank,
        first_on_page=first,
        in_cell=item.in_cell,
    )


def _place_table(
    table: LayoutTable, builder: ExtractBuilder, page: int, number: int, *, at_head: bool
) -> int:
    """Place a table; the number of its last line on the page."""
    rows: list[tuple[Cell, ...]] = []
    for row in table.rows:
        cells: list[Cell] = []
        highest = number
        for cell in row:
            lines = [
                builder.line(text, page=page, number=number + k + 1) for k, text in enumerate(cell)
            ]
            highest = max(highest, number + len(cell))
            cells.append(tuple(line for line in lines if line is not None))
        rows.append(tuple(cells))
        number = highest
    above = _table_that_ends(builder, page, len(rows[0])) if at_head and rows else None
    if above is None:
        builder.table(rows)
        return number
    end = above[-1] + 1
    first_rows = [item for item in (builder.items[i] for i in above[:3]) if isinstance(item, Row)]
    rows = rows[_titles_again(rows, first_rows) :]
    last = builder.items[above[-1]]
    assert isinstance(last, Row)
    if rows and _goes_on(rows[0], [builder.items[i] for i in above]):
        joined = tuple((*a, *b) for a, b in zip(last.cells, rows[0], strict=True))
        builder.items[above[-1]] = Row(joined, last.table)
        rows = rows[1:]
    builder.items[end:end] = [Row(cells, last.table) for cells in rows if any(cells)]
    return number


def _table_that_ends(builder: ExtractBuilder, page: int, columns: int) -> list[int] | None:
    """Places of the rows of the table that ends the page before; notes at its foot do not count."""
    at = len(builder.items) - 1
    while at >= 0:
        item = builder.items[at]
        if isinstance(item, Row):
            break
        if item.page != page - 1:
            return None
        at -= 1
    if at < 0:
        return None
    last = builder.items[at]
    after = builder.items[at + 1 :]
    notes = not after or (isinstance(after[0], Line) and bool(_NOTE.match(after[0].text)))
    if not isinstance(last, Row) or len(last.cells) != columns or not notes:
        return None
    if not any(line.page == page - 1 for cell in last.cells for line in cell):
        return None
    return [
        index
        for index, item in enumerate(builder.items)
        if isinstance(item, Row) and item.table == last.table
    ]


def _titles_again(rows: Sequence[tuple[Cell, ...]], first: Sequence[Row]) -> int:
    """How many rows at the head of a page repeat the title rows of the table."""
    count = 0
    for row, title in zip(rows, first, strict=False):
        here, there = _flat(row), _flat(title.cells)
        index = all(_NUMBER.match(_text(cell)) for cell in row if cell)
        if not here or (count and not index and _NUMBER.match(_text(row[0]))):
            break  # below the titles: a row of its own, however like another
        if SequenceMatcher(None, here, there, autojunk=False).ratio() < _SAME:
            break
        count += 1
    return count


def _goes_on(row: tuple[Cell, ...], above: Sequence[object]) -> bool:
    """Whether a row without a number goes on with the last row of a numbered table."""
    if row[0]:
        return False
    before = [item for item in above if isinstance(item, Row)]
    numbered = sum(bool(_NUMBER.match(_text(item.cells[0]))) for item in before)
    # the row above must itself be filled where this one goes on
    last = before[-1]
    return 2 * numbered >= len(before) - 1 > 0 and any(
        a and b for a, b in zip(last.cells, row, strict=True)
    )


def _text(cell: Cell) -> str:
    return " ".join(line.text for line in cell)


def _flat(cells: Sequence[Cell]) -> str:
    return " ".join(_text(cell) for cell in cells).casefold()
