"""Characters of a PDF page to words and printed lines, with their places in points."""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import Any

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_GLUED = 0.08  # of the font's size: a narrower gap is none, whatever blank the file has there
_APART = 0.22  # a wider gap parts words even where the file has no blank
_SMALL = 0.78  # of the line's usual size: a raised digit that small is the mark of a note
_HYPHENS = "\x02\ufffe\u00ad"
_BOLD = 600  # font weight


@dataclass(slots=True)
class Word:
    """A word: its box and baseline in points, the origin at the top left of the page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    base: float
    size: float
    bold: bool
    glued: bool = False
    """No blank stands between this and the word before it."""


@dataclass
class Row:
    """Words side by side on one baseline, from left to right."""

    words: list[Word]

    @property
    def left(self) -> float:
        """Where the first word begins."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Where the last word ends."""
        return self.words[-1].right

    @cached_property
    def base(self) -> float:
        """The baseline."""
        return self.words[-1].base if len(self.words) == 1 else median(w.base for w in self.words)

    @cached_property
    def size(self) -> float:
        """The size of most of its letters."""
        return median(word.size for word in self.words)

    @cached_property
    def text(self) -> str:
        """The words with blanks between them."""
        return "".join(
            word.text if word.glued or index == 0 else f" {word.text}"
            for index, word in enumerate(self.words)
        )

    @property
    def first_width(self) -> float:
        """Width of what stands before the first blank."""
        last = 0
        while last + 1 < len(self.words) and self.words[last + 1].glued:
            last += 1
        return self.words[last].right - self.left

    @property
    def bold(self) -> bool:
        """Whether every word with a letter is bold."""
        return all(w.bold for w in self.words if any(map(str.isalnum, w.text)))

    def split(self, gap: float) -> list[Row]:
        """The row in pieces, parted where words stand more than ``gap`` apart."""
        pieces = [[self.words[0]]]
        for before, word in pairwise(self.words):
            if word.left - before.right > gap:
                pieces.append([])
            pieces[-1].append(word)
        return [Row(piece) for piece in pieces]


def page_words(page: Any) -> list[Word]:
    """All words of a page (``pypdfium2.PdfPage``) in the order of the file."""
    import pypdfium2.raw as pdfium

    text = page.get_textpage()
    try:
        return _words(pdfium, text.raw, text.count_chars(), page.get_height())
    finally:
        text.close()


def _words(pdfium: Any, text: Any, count: int, height: float) -> list[Word]:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    x, y = ctypes.c_double(), ctypes.c_double()
    box = [ctypes.byref(value) for value in (left, right, bottom, top)]
    origin = [ctypes.byref(value) for value in (x, y)]
    words: list[Word] = []
    blank = True
    word: Word | None = None
    size = base = 0.0
    unicode_of, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetCharBox
    for index in range(count):
        char = chr(unicode_of(text, index))
        if char in " \r\n\t\u00a0":
            blank = True
            continue
        if char in _HYPHENS:  # pdfium's signs for a hyphen at the end of a line
            char = "-"
        elif char < " " or char in "\u200b\ufeff\uffff":
            continue
        elif word is not None and unicodedata.combining(char):
            word.text += char  # wherever the font puts a mark, it belongs to the letter before it
            continue
        box_of(text, index, *box)
        # Calls into the library are what takes time. A letter that goes on with the word stands on
        # its baseline; only a digit may be raised above it.
        goes_on = word is not None and -0.4 < (left.value - word.right) / word.size < _APART
        if word is not None and goes_on and not (char.isdigit() or word.text[-1].isdigit()):
            size, base = word.size, word.base
            if not height - top.value < base + 0.3 * size or height - bottom.value < base - size:
                goes_on = False
        else:
            goes_on = False
        if not goes_on:
            pdfium.FPDFText_GetCharOrigin(text, index, *origin)
            size = pdfium.FPDFText_GetFontSize(text, index) or 1.0
            base = height - y.value
        if word is not None and abs(base - word.base) < 0.15 * size and size == word.size:
            gap = left.value - word.right
            near = -0.4 * size < gap < (_GLUED if blank else _APART) * size
            if near:
                word.text += char
                word.right = max(word.right, right.value)
                word.top = min(word.top, height - top.value)
                word.bottom = max(word.bottom, height - bottom.value)
                blank = False
                continue
        glued = (
            not blank
            and word is not None
            and abs(left.value - word.right) < _APART * size
            and abs(base - word.base) < size
        )
        bold = pdfium.FPDFText_GetFontWeight(text, index) >= _BOLD
        word = Word(
            char, left.value, height - top.value, right.value, height - bottom.value,
            base, size, bold, glued,
        )  # fmt: skip
        words.append(word)
        blank = False
    return words


def rows_of(words: Sequence[Word]) -> list[Row]:
    """Words gathered into printed lines, from the top of the page downwards.

    A raised small digit is put on its line and written as one ("CCHC¹").
    """
    marks = [word for word in words if _raised_digit(word)]
    rows: list[Row] = []
    for word in sorted((w for w in words if w.text.strip()), key=lambda w: (w.base, w.left)):
        if rows and word.base - rows[-1].words[0].base < 0.35 * min(
            word.size, rows[-1].words[0].size
        ):
            rows[-1].words.append(word)
        else:
            rows.append(Row([word]))
    if marks:
        rows = _with_marks(rows, {id(word) for word in marks})
    for row in rows:
        row.words.sort(key=lambda word: word.left)
    return rows


def _raised_digit(word: Word) -> bool:
    return word.text.isdigit() and len(word.text) < 4


def _with_marks(rows: list[Row], digits: set[int]) -> list[Row]:
    """Rows in which small raised digits stand on the line that they belong to."""
    out: list[Row] = []
    loose: list[Word] = []
    for row in rows:
        if all(id(word) in digits for word in row.words) and len(row.words) < 6:
            loose += row.words
        else:
            out.append(row)
    for word in loose:
        home = next(
            (
                row
                for row in out
                if 0.1 * row.size < row.base - word.base < 0.75 * row.size
                and word.size < _SMALL * row.size
                and row.left - 2 * row.size < word.left < row.right + row.size
            ),
            None,
        )
        if home is None:
            out.append(Row([word]))
            continue
        home.words.append(word)
        _raise(word)
    for row in out:  # digits that the rows above took in, though they are raised
        for word in row.words:
            small = word.size < _SMALL * row.size
            if id(word) in digits and small and row.base - word.base > 0.1 * row.size:
                _raise(word)
    return sorted(out, key=lambda row: row.base)


def _raise(word: Word) -> None:
    word.text = word.text.translate(_RAISED)
    word.glued = True
