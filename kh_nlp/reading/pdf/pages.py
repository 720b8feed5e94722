"""One page of a PDF: its lines, its ruled tables, and whether its text can be believed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kh_nlp.reading.pdf import stamps
from kh_nlp.reading.pdf.grids import MAX_OBJECTS, Drawing, Drawn, Grid, find_grids
from kh_nlp.reading.pdf.lines import PrintedLine, find_lines
from kh_nlp.reading.pdf.words import PageWords, WordReader
from kh_nlp.repairing.damage import VIETNAMESE, damaged_lines

_FEW_LETTERS = 15
"""Letters of a page that is an image or an outline drawing with at most a page number."""

_FEW_WORDS = 40  # on a page that an image covers: a letterhead's text, or a stamp on a scan
_COVERED = 0.6  # of the page by images
_PICTURE = 0.1
_MANY_SHAPES = 100
_ODD = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]")
_FOREIGN_SIGNS = re.compile(r"[\u00a1-\u00a6\u00a8-\u00aa\u00ac-\u00af\u00b1-\u00b6\u00b8-\u00bf]")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_DAMAGED = 0.5  # of the characters of a page
_ENOUGH_WORDS = 40  # to tell damaged text from a list of names and codes
_HEAVY = 20_000  # drawn objects and characters beyond which a page counts as work


@dataclass(slots=True)
class Table:
    """A ruled table: rows of cells of printed lines. Edges of its columns in points."""

    columns: list[float]
    top: float
    bottom: float
    rows: list[list[list[PrintedLine]]]
    open: bool


@dataclass(slots=True)
class Page:
    """``number`` from 0; lines of running text sorted from the top downwards."""

    number: int
    width: float = 595.0
    height: float = 842.0
    lines: list[PrintedLine] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    aside: list[PrintedLine] = field(default_factory=list)
    """Lines that run in another direction than most of the page."""
    bare: str = ""
    signatures: list[str] = field(default_factory=list)
    skewed: list[str] = field(default_factory=list)
    outside: int = 0
    """Words beyond the edges of the page, which nobody sees."""
    image: bool = False
    """The page has no text worth the name: an image, or letters drawn as shapes."""
    doubtful: bool = False
    """There is text, but too little for a page covered by an image, or it lost its letters."""
    work: int = 0

    def text(self) -> list[str]:
        """All lines of the page, those in tables too."""
        cells = [line for t in self.tables for row in t.rows for cell in row for line in cell]
        lines = [line.text for line in (*self.lines, *self.aside, *cells)]
        return lines + self.bare.split("\n")


class PageReader:
    """Reads the pages of one document, one after the other (pdfium knows no threads)."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._words = WordReader()
        self._drawing = Drawing()

    def read(self, number: int) -> Page:
        """A page; one that pdfium cannot load is an empty page."""
        import pypdfium2 as pdfium

        try:
            page, words = stamps.load(self._document, number, self._words)
        except pdfium.PdfiumError:
            return Page(number, image=True)
        try:
            drawn = self._drawing.read(page, words.turn)
        finally:
            page.close()
        return _page(number, words, drawn)


def _page(number: int, words: PageWords, drawn: Drawn) -> Page:
    width, height = words.turn.size
    page = Page(number, width, height, bare=words.bare, skewed=words.skewed)
    excess = drawn.objects + len(words.words) * 6 + len(words.bare)
    page.work = max(0, excess - _HEAVY)
    shown = [
        word
        for word in words.words
        if -word.size < word.base < height + word.size and word.right > 0 and word.left < width
    ]
    page.outside = len(words.words) - len(shown)
    grids, rest = find_grids(drawn, shown)
    page.tables = [_table(grid) for grid in grids]
    page.lines, page.signatures = stamps.without_signatures(find_lines(rest))
    page.aside = [line for side in words.sideways for line in find_lines(side)]
    _judge(page, drawn)
    return page


def _table(grid: Grid) -> Table:
    rows = [[find_lines(cell) if cell else [] for cell in row] for row in grid.rows]
    return Table(grid.columns, grid.top, grid.bottom, rows, grid.open)


def _judge(page: Page, drawn: Drawn) -> None:
    lines = page.text()
    text = "\n".join(lines)
    letters = len(_LETTER.findall(text[:4000]))
    pictured = drawn.images > _PICTURE or drawn.shapes > _MANY_SHAPES
    if letters < _FEW_LETTERS and not page.tables and drawn.objects <= MAX_OBJECTS:
        page.image = pictured
        return
    covered = drawn.images > _COVERED and len(text.split()) < _FEW_WORDS
    page.doubtful = covered or is_damaged(lines)


def is_damaged(lines: Sequence[str]) -> bool:
    """Whether the text of a page lost its Vietnamese letters or is made of wrong signs."""
    text = "\n".join(lines)
    letters = len(_LETTER.findall(text)) or 1
    if len(_ODD.findall(text)) > 0.05 * letters:
        return True
    words = _WORD.findall(text)
    if len(words) < _ENOUGH_WORDS:
        return False
    sound = sum(not VIETNAMESE.isdisjoint(word) for word in words) / len(words)
    if sound > 0.2:
        return False
    if len(_FOREIGN_SIGNS.findall(text)) > 0.04 * letters:
        return True
    flags = damaged_lines(lines)
    lost = sum(len(line) for line, flag in zip(lines, flags, strict=True) if flag)
    return lost > _DAMAGED * sum(map(len, lines))
