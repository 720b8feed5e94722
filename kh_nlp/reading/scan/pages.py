"""One page image to a ``PageLayout``: straightened, its tables and lines read, in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from kh_nlp.reading.scan import deskew
from kh_nlp.reading.scan.cells import read_cells, read_scaled
from kh_nlp.reading.scan.doubtful import read_again
from kh_nlp.reading.scan.gaps import split_words
from kh_nlp.reading.scan.grid import (
    Box,
    Grid,
    GridCell,
    find_ruling,
    without_strokes,
    without_tables,
)
from kh_nlp.reading.scan.layout import cell_lines, find_lines
from kh_nlp.reading.scan.notes import mark_notes
from kh_nlp.reading.scan.printed import PrintedLine
from kh_nlp.reading.scan.rereading import mean_confidence, reread
from kh_nlp.reading.scan.roman import count_numerals
from kh_nlp.reading.scan.tesseract import (
    PAGE_TIMEOUT,
    Gray,
    Word,
    knows_orientation,
    orientation,
)

_DOUBTFUL = 60.0  # mean confidence of a page below which it may be upside down
_UNREADABLE = 25.0  # mean confidence of a page below which nothing of it is text
_MISSED = 0.025  # share of the ink outside of all words from which a page is read another way


@dataclass(frozen=True, slots=True)
class LayoutLine:
    """A line of the page; flags as in ``kh_nlp.reading.lines.Line``. ``confidence`` 0..100.

    ``in_cell`` also for lines that geometry tells to go on with the line above.
    """

    text: str
    confidence: float
    after_blank: bool = False
    in_cell: bool = False


@dataclass(frozen=True, slots=True)
class LayoutTable:
    """Rows of cells of lines; every row has the table's number of columns."""

    rows: tuple[tuple[tuple[str, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class PageLayout:
    """What stands on one page, in reading order.

    ``confidence`` 0..100 is the mean of its words by letters, ``words`` how many there are, and
    ``fault`` a Vietnamese clause that says why the page could not be read. ``turned`` are the
    degrees by which the page was turned clockwise to be upright.
    """

    items: tuple[LayoutLine | LayoutTable, ...] = ()
    confidence: float = 0.0
    words: int = 0
    turned: int = 0
    fault: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As stored in the cache."""
        return {
            "items": [
                {"rows": item.rows}
                if isinstance(item, LayoutTable)
                else [item.text, item.confidence, item.after_blank, item.in_cell]
                for item in self.items
            ],
            "confidence": self.confidence,
            "words": self.words,
            "turned": self.turned,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> PageLayout:
        """What ``to_json`` gave. Raises KeyError, TypeError or ValueError for anything else."""
        items: list[LayoutLine | LayoutTable] = []
        for item in data["items"]:
            if isinstance(item, dict):
                rows = tuple(
                    tuple(tuple(str(line) for line in cell) for cell in row) for row in item["rows"]
                )
                items.append(LayoutTable(rows))
            else:
                text, confidence, after_blank, in_cell = item
                items.append(
                    LayoutLine(str(text), float(confidence), bool(after_blank), bool(in_cell))
                )
        return cls(tuple(items), float(data["confidence"]), int(data["words"]), int(data["turned"]))


@dataclass(slots=True)
class _Read:
    """A page as read: lines and tables with the places where they begin."""

    lines: list[PrintedLine]
    tables: list[tuple[Box, LayoutTable]] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)

    @property
    def confidence(self) -> float:
        return mean_confidence(self.words)


def read_page(gray: Gray, timeout: float = PAGE_TIMEOUT) -> PageLayout:
    """Read a page of about 300 dpi. Raises TesseractError.

    A page that lies on its side is turned before it is read, one that is upside down when its
    reading made no sense (both only where tesseract's ``osd`` data is there to tell).
    """
    even = deskew.flatten(gray)
    turned = 0
    if deskew.lies_on_side(even):
        turned = (orientation(even, timeout) if knows_orientation() else None) or 90
        even = deskew.upright(even, turned // 90)
    read = _read(even, timeout)
    if read.words and read.confidence < _DOUBTFUL and knows_orientation():
        more = orientation(even, timeout)
        if more:
            again = _read(deskew.upright(even, more // 90), timeout)
            if again.confidence > read.confidence:
                read, turned = again, (turned + more) % 360
    if read.words and read.confidence < _UNREADABLE:
        return PageLayout(fault="không có chữ nào đọc được (hình ảnh, chữ viết tay hoặc quá mờ)")
    return PageLayout(_in_order(read), round(read.confidence, 1), len(read.words), turned)


def _read(even: Gray, timeout: float) -> _Read:
    noisy = deskew.is_noisy(even)
    if noisy:
        even = deskew.despeckle(even)
    level = deskew.turn(even, deskew.skew(even))
    ruling = find_ruling(level)
    bare = without_strokes(level, ruling)
    text = without_tables(bare, ruling.grids) if ruling.grids else bare
    if noisy:
        text = deskew.without_grain(text)
    words = _page_words(text, timeout)
    height, width = level.shape
    words = read_again(text, words, timeout)
    lines = [line for line in find_lines(words, width, height) if not _no_text(line)]
    tables = [(grid, read_cells(bare, grid, timeout=timeout)) for grid in ruling.grids]
    cells = [
        (number, cell, cell_lines(own))
        for number, (_, found) in enumerate(tables)
        for cell, own in found.items()
    ]
    # lines and cells together: what the type of the page is shows in both
    again = iter(reread(bare, [*lines, *(line for *_, own in cells for line in own)], timeout))
    lines = split_words(text, list(islice(again, len(lines))))
    lines = mark_notes(text, count_numerals(text, lines), timeout)
    read = _Read(lines, words=[word for line in lines for word in line.words])
    filled: list[dict[GridCell, list[PrintedLine]]] = [{} for _ in tables]
    for number, cell, own in cells:
        inner = count_numerals(bare, split_words(bare, list(islice(again, len(own)))))
        filled[number][cell] = inner
        read.words += [word for line in inner for word in line.words]
    for (grid, _), content in zip(tables, filled, strict=True):
        read.tables.append((grid.box, _table(grid, content)))
    return read


def _page_words(text: Gray, timeout: float) -> list[Word]:
    """Words by the engine's full page analysis, or as one block of text where that loses some.

    The analysis takes labels one below the other for upright text, and leaves out what it holds
    for a picture.
    """
    if not (text < 128).any():
        return []
    words = _level(read_scaled(text, 3, timeout))
    missed = _missed(text, words)
    if missed < _MISSED:
        return words
    block = _level(read_scaled(text, 6, timeout))
    readable = not words or mean_confidence(block) > mean_confidence(words) - 4
    return block if readable and _missed(text, block) < missed else words


def _level(words: list[Word]) -> list[Word]:
    """Without lines of words that stand one above the other."""
    lines: dict[tuple[int, int, int], list[Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    upright = {
        key
        for key, own in lines.items()
        if len(own) > 2
        and max(w.bottom for w in own) - min(w.top for w in own)
        > 2.5 * (max(w.right for w in own) - min(w.left for w in own))
    }
    return [word for word in words if word.line not in upright]


def _missed(text: Gray, words: Sequence[Word]) -> float:
    """Share of the ink of a page that no word holds."""
    import cv2
    import numpy as np

    dark = deskew.ink(deskew.halved(text), 128)
    strokes = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))  # not dust
    total = cv2.countNonZero(strokes)
    for word in words:
        strokes[
            max(0, word.top // 2 - 4) : word.bottom // 2 + 4, word.left // 2 : word.right // 2
        ] = 0
    return cv2.countNonZero(strokes) / total if total > 200 else 0.0


def _no_text(line: PrintedLine) -> bool:
    """A scrap below all belief: a stamp, a signature, the dot of "Ị" taken for a line."""
    return line.confidence < 40 and len(line.text) < 10


def _table(grid: Grid, content: dict[GridCell, list[PrintedLine]]) -> LayoutTable:
    rows: list[list[tuple[str, ...]]] = [[()] * (len(grid.xs) - 1) for _ in range(len(grid.ys) - 1)]
    for cell, lines in content.items():
        rows[cell.row][cell.column] = tuple(line.text for line in lines)
    return LayoutTable(tuple(tuple(row) for row in rows if any(row)))


def _in_order(read: _Read) -> tuple[LayoutLine | LayoutTable, ...]:
    """Lines and tables from the top down; the order of the lines among themselves stays."""
    items: list[LayoutLine | LayoutTable] = []
    tables: Sequence[tuple[Box, LayoutTable]] = sorted(read.tables, key=lambda pair: pair[0][1])
    at = 0
    for line in read.lines:
        while at < len(tables) and tables[at][0][1] < line.box[1]:
            items.append(tables[at][1])
            at += 1
        sure = round(line.confidence, 1)
        goes_on = line.in_cell or line.goes_on
        items.append(LayoutLine(line.text, sure, line.after_blank, goes_on))
    items += [table for _, table in tables[at:]]
    return tuple(item for item in items if not isinstance(item, LayoutTable) or item.rows)
