"""PDF files with text: lines in reading order, ruled tables as tables, notes, no page furniture.

Pages without text, or with text that is none, are given to OCR (``kh_nlp.reading.scan``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any

from kh_nlp.errors import InputError
from kh_nlp.reading.extract import Extract, ExtractBuilder, Options
from kh_nlp.reading.files import File
from kh_nlp.reading.lines import Line
from kh_nlp.reading.pdf_tables import Table, ruled_tables
from kh_nlp.reading.pdf_words import Row, Word, page_words, rows_of
from kh_nlp.reading.tables import Cell, is_layout, unroll

MAX_PAGES = 3000
"""Pages of one file; more is no plan, and would take minutes."""

_MARGIN = 0.11  # of the page's height, where page numbers stand
_NUMBER = re.compile(r"^[-–\s]*(?:Trang\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?[-–\s]*$")
_COLUMN_GAP = 18.0  # points between words of the two columns of a head or a signature
_CENTRED = 12.0  # points off the middle that a title may stand
_STRIP = 9.0  # points between the columns that stay free in every row
_OPENS = re.compile(
    r"(?:Nơi nhận|NƠI NHẬN|(?:TM|KT|TL|TUQ|Q)\s?\.|T/M|CỘNG H|ĐẢNG CỘNG SẢN|CHỦ TỊCH|GIÁM ĐỐC)"
)
_INDENT = 0.6  # of the font's size: a first line set in from the margin
_BLANK = 0.22  # of the font's size beyond the usual pitch: a gap between paragraphs
_FEW = 12  # characters of a page that is an image
_RAISED = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")
_REPEATED = 3  # pages on which a running head stands at least


@dataclass(slots=True)
class _Page:
    number: int
    height: float
    width: float
    rows: list[Row] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


def extract_pdf(file: File, options: Options) -> Extract:
    """Lines, tables and notes of a PDF file.

    Raises InputError for a file with a password, one that is broken, one with too many pages, and
    for a scan that cannot be read.
    """
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(file.data)
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).lower()
        reason = (
            "tệp PDF đặt mật khẩu, không đọc được" if locked else "tệp PDF hỏng, không đọc được"
        )
        raise InputError(f"{file.path}: {reason}.") from None
    try:
        count = len(document)
        if count > MAX_PAGES:
            raise InputError(f"{file.path}: có {count} trang, quá giới hạn {MAX_PAGES} trang.")
        pages = [_read(document, number) for number in range(count)]
        _find_tables(file, document, pages)
    finally:
        document.close()
    _drop_furniture(pages)
    return _assemble(file, pages, options)


def _read(document: Any, number: int) -> _Page:
    try:
        page = _with_stamps(document, number)
    except Exception:  # pdfium raises its own error for a page that cannot be loaded
        return _Page(number, 842, 595)
    try:
        width, height = page.get_size()
        return _Page(number, height, width, rows_of(page_words(page)))
    finally:
        page.close()


def _with_stamps(document: Any, number: int) -> Any:
    """A page with what its form fields and stamps print: a number, a date, a signature."""
    import pypdfium2.raw as pdfium

    page = document[number]
    if pdfium.FPDFPage_GetAnnotCount(page.raw) > 0:
        pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY)
        page.close()
        page = document[number]
    return page


def _find_tables(file: File, document: Any, pages: Sequence[_Page]) -> None:
    for page in pages:
        if not page.rows:
            continue
        words = [word for row in page.rows for word in row.words]
        page.tables, inside = ruled_tables(document[page.number], words, page.height)
        if page.tables:
            page.rows = rows_of([word for word in words if id(word) not in inside])


def _drop_furniture(pages: Sequence[_Page]) -> None:
    """Page numbers at the head or the foot, and lines that head at least three pages."""
    heads: Counter[str] = Counter()
    for page in pages:
        for row in list(page.rows):
            near = row.base < _MARGIN * page.height or row.base > (1 - _MARGIN) * page.height
            if near and _NUMBER.match(row.text):
                page.rows.remove(row)
        if page.rows:
            heads[_key(page.rows[0])] += 1
    for page in pages:
        if page.rows and page.number and heads[_key(page.rows[0])] >= _REPEATED:
            page.rows.pop(0)


def _key(row: Row) -> str:
    return re.sub(r"\d+", "#", row.text)


def _assemble(file: File, pages: Sequence[_Page], options: Options) -> Extract:
    images = [page.number for page in pages if not _has_text(page)]
    scanned = len(images) == len(pages)
    writer = _Writer(
        ExtractBuilder("scan" if scanned else "pdf", wrapped=True, marked=not scanned),
        _pitch(pages),
    )
    layouts: dict[int, Any] = {}
    if images and options.ocr:
        from kh_nlp.reading.scan import ocr_pdf

        layouts = ocr_pdf(file, images, options)
    elif images:
        if scanned:
            raise InputError(f"{file.path}: là bản quét; bỏ --no-ocr để nhận dạng.")
        shown = ", ".join(str(number + 1) for number in images[:8])
        writer.builder.warn(f"Trang {shown} chỉ có ảnh, chưa được nhận dạng (--no-ocr).")
    for page in pages:
        if page.number in layouts:
            from kh_nlp.reading.scan import place

            writer.close_table()
            place(layouts[page.number], writer.builder, page.number + 1)
        else:
            writer.page(page)
    writer.close_table()
    writer.builder.pages = len(pages)
    return writer.builder.extract()


def _has_text(page: _Page) -> bool:
    """Whether a page has text that can be read; broken character maps give signs and boxes."""
    text = "".join(row.text for row in page.rows)
    text += "".join(w.text for t in page.tables for line in t.rows for cell in line for w in cell)
    if len(text) < _FEW:
        return False
    odd = sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" or char < " " for char in text)
    return odd < 0.2 * len(text)


def _pitch(pages: Sequence[_Page]) -> float:
    """The usual distance of two lines, in font sizes."""
    gaps = [
        (below.base - above.base) / max(above.size, 1.0)
        for page in pages
        for above, below in pairwise(page.rows)
        if abs(above.size - below.size) < 0.5
    ]
    near = [gap for gap in gaps if 0.9 < gap < 2.2]
    return median(near) if near else 1.3


def _margins(rows: Sequence[Row]) -> tuple[float, float] | None:
    """Where full lines begin and end: of the widest quarter of the rows."""
    wide = sorted(rows, key=lambda row: row.left - row.right)[: max(3, len(rows) // 4)]
    if len(wide) < 3:
        return None
    return min(row.left for row in wide), median(row.right for row in wide)


class _Writer:
    """Hands the pages to a builder; a table is kept open over the end of a page."""

    def __init__(self, builder: ExtractBuilder, pitch: float) -> None:
        self.builder = builder
        self.pitch = pitch
        self.open: list[list[Cell]] = []
        self.titles: list[str] = []
        self.edges: tuple[float, ...] = ()
        self.margins = (0.0, 0.0)
        self.last: Row | None = None  # the last row of running text, also of the page before
        self.size = 0.0

    def page(self, page: _Page) -> None:
        """Place the lines and tables of one page."""
        number = 0
        self.margins = _margins(page.rows) or self.margins
        if page.rows:
            self.size = median(row.size for row in page.rows)
        tables = sorted(page.tables, key=lambda table: table.top)
        fresh = True
        above: Row | None = None
        for block in _blocks(page.rows, tables):
            if isinstance(block, Table):
                self._table(block, page.number + 1, number, fresh)
                self.last = None
                above, fresh = None, False
                continue
            if not (self.open and _is_note(block)):  # notes below a table that goes on overleaf
                self.close_table()
            if isinstance(block, tuple):
                for item in unroll([self._cells(block, page.number + 1, number)]):
                    self.builder.add(item if isinstance(item, Line) else None)
                number += max(map(len, block))
                above, fresh = None, False
                self.last = None
                continue
            for row in block:
                number += 1
                self.builder.add(self._line(row, page.number + 1, number, above, fresh))
                above, fresh = row, False
                if row.text[:1] not in _RAISED and row.size > 0.9 * self.size:
                    self.last = row

    def _line(
        self, row: Row, page: int, number: int, above: Row | None, fresh: bool
    ) -> Line | None:
        if above is not None:
            blank = self._begins(row, above)
        else:
            blank = not fresh or self.last is None or self._room_left(row, self.last)
        return self.builder.line(
            row.text,
            page=page,
            number=number,
            after_blank=blank,
            first_on_page=fresh,
            strong=row.bold,
        )

    def _begins(self, row: Row, above: Row) -> bool:
        """Whether a row begins a paragraph: a gap, an indent, or room left in the row above."""
        size = max(above.size, row.size)
        if row.base - above.base > (self.pitch + _BLANK) * size:
            return True
        left, right = self.margins
        if _centred(row, (left + right) / 2) and _centred(above, (left + right) / 2):
            return row.text.isupper() != above.text.isupper()  # else lines of one title
        return self._room_left(row, above)

    def _room_left(self, row: Row, above: Row) -> bool:
        """Whether a row is set in, or its first word would have fitted into the row above."""
        size = max(above.size, row.size)
        left, right = self.margins
        if row.left - left > _INDENT * size and row.left > above.left - size:
            return True
        return above.right + 0.25 * size + row.first_width < right - 0.3 * size

    def _cells(self, columns: Sequence[Sequence[Row]], page: int, number: int) -> tuple[Cell, ...]:
        return tuple(
            tuple(
                line
                for index, row in enumerate(column, number + 1)
                if (line := self._line(row, page, index, None, False)) is not None
            )
            for column in columns
        )

    def _table(self, table: Table, page: int, number: int, fresh: bool) -> None:
        rows = [
            [self._cells([rows_of(cell)], page, number)[0] if cell else () for cell in row]
            for row in table.rows
        ]
        goes_on = bool(self.open) and fresh and _alike(self.edges, table.edges)
        if not goes_on:
            self.close_table()
            self.open = rows
            self.titles = [_text(row) for row in rows[:2]]
        else:
            while rows and _text(rows[0]) in self.titles:
                rows.pop(0)
            if rows and not rows[0][0] and table.cut and self.open[-1][0]:
                # the row above was cut by the end of the page
                first = rows.pop(0)
                self.open[-1] = [a + b for a, b in zip(self.open[-1], first, strict=True)]
            self.open += rows
        self.edges = table.edges

    def close_table(self) -> None:
        """Place the table that is still open."""
        if not self.open:
            return
        rows = [tuple(row) for row in self.open]
        self.open = []
        if is_layout(rows) or len(rows[0]) < 2:
            for item in unroll(rows):
                self.builder.add(item if isinstance(item, Line) else None)
        else:
            self.builder.table(rows)


def _is_note(block: list[Row] | tuple[list[Row], list[Row]]) -> bool:
    return isinstance(block, list) and block[0].text[:1] in _RAISED


def _text(row: Sequence[Cell]) -> str:
    return "|".join(" ".join(line.text for line in cell) for cell in row)


def _alike(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two tables have the same columns."""
    return len(one) == len(other) and all(abs(a - b) < 6 for a, b in zip(one, other, strict=True))


def _blocks(
    rows: Sequence[Row], tables: Sequence[Table]
) -> list[list[Row] | tuple[list[Row], list[Row]] | Table]:
    """Rows in runs, plain or as two columns side by side, and tables, from the top downwards."""
    out: list[list[Row] | tuple[list[Row], list[Row]] | Table] = []
    waiting = list(tables)
    middle = _middle(rows)
    at = 0
    while at < len(rows):
        while waiting and waiting[0].top < rows[at].base:
            out.append(waiting.pop(0))
        stop = next(
            (i for i in range(at, len(rows)) if waiting and rows[i].base > waiting[0].top),
            len(rows),
        )
        run = rows[at:stop]
        start, end, edge = _side_by_side(run, middle)
        if start:
            out.append(list(run[:start]))
        if end > start:
            left, right = _halves(run[start:end], edge)
            out.append((left, right))
        at += end
    return [*out, *waiting]


def _middle(rows: Sequence[Row]) -> float:
    """The middle of the text area, where titles stand."""
    if not rows:
        return 0.0
    return (min(row.left for row in rows) + max(row.right for row in rows)) / 2


def _side_by_side(rows: Sequence[Row], middle: float) -> tuple[int, int, float]:
    """Bounds of the first run of rows in two columns, as heads and signatures are, and the edge.

    Somewhere between the columns a strip is free in all of these rows. Without such a run both
    bounds are the number of rows.
    """
    for start, row in enumerate(rows):
        if start and not any(_OPENS.match(piece.text) for piece in row.split(_COLUMN_GAP)):
            continue
        free = [(0.0, float("inf"))]
        end, edge = start, 0.0
        for index in range(start, len(rows)):
            narrower = _without(free, rows[index])
            if _is_title(rows[index], middle) or not narrower:
                break
            free = narrower
            inner = _between(free, rows[start : index + 1])
            if inner is not None:
                end, edge = index + 1, inner
            elif end > start:
                break
        if end > start:
            columns = _halves(rows[start:end], edge)
            if is_layout([tuple(_as_cell(column) for column in columns)]):
                return start, end, edge
    return len(rows), len(rows), 0.0


def _is_title(row: Row, middle: float) -> bool:
    """Whether a row stands in the middle of the page and does not reach its sides."""
    return _centred(row, middle) and len(row.split(_COLUMN_GAP)) == 1


def _centred(row: Row, middle: float) -> bool:
    return abs((row.left + row.right) / 2 - middle) < _CENTRED


def _without(free: Sequence[tuple[float, float]], row: Row) -> list[tuple[float, float]]:
    """Strips that stay free below a row; narrow ones are dropped."""
    out: list[tuple[float, float]] = []
    for low, high in free:
        at = low
        for word in row.words:
            if word.right <= at or word.left >= high:
                continue
            if word.left - at >= _STRIP:
                out.append((at, word.left))
            at = max(at, word.right)
        if high - at >= _STRIP:
            out.append((at, high))
    return out


def _between(free: Sequence[tuple[float, float]], rows: Sequence[Row]) -> float | None:
    """Where a free strip has words on both sides of it; the widest such strip counts."""
    left = min(row.left for row in rows)
    right = max(row.right for row in rows)
    inner = [(high - low, (low + high) / 2) for low, high in free if low > left and high < right]
    return max(inner)[1] if inner else None


def _halves(rows: Sequence[Row], middle: float) -> list[list[Row]]:
    columns: list[list[Row]] = [[], []]
    for row in rows:
        for side, words in enumerate(
            (
                [word for word in row.words if word.right <= middle],
                [word for word in row.words if word.right > middle],
            )
        ):
            if words:
                columns[side].append(Row(words))
    return columns


def _as_cell(column: Sequence[Row]) -> Cell:
    return tuple(Line(row.text, ((0, 0),), 1, 1) for row in column)


__all__ = ["MAX_PAGES", "Word", "extract_pdf"]
