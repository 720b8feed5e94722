"""Characters of a PDF page to words with their places, the page turned so that text reads upright.

Calls into pdfium are what takes time. Text comes in one call a page, places by two calls a word,
size and font by a few calls a text object (a run of one font).
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

# A hyphen at the end of a line is a sign of pdfium's own, and what stands on the next line follows
# it at once.
_LETTER = r"[^\s\x00-\x1f\u200b\ufeff\ufffe\uffff]"
_TOKEN = re.compile(rf"{_LETTER}*[\x02\ufffe]|{_LETTER}+")
# Some fonts map their hyphen to U+00AD.
_HYPHENS = str.maketrans({"\x02": "-", "\ufffe": "-", "\u00ad": "-"})
_DIGITS = re.compile(r"\d+")
_BOLD_NAME = re.compile(r"bold|black|heavy|,b\b|-bd\b", re.IGNORECASE)
_BOLD_WEIGHT = 600
_FILL_AND_STROKE = 2  # text render mode: letters made fat by an outline
_SKEWED = 0.12  # radians off the upright: a watermark

MAX_CHARACTERS = 200_000
"""Characters of a page that are looked at one by one; more is no printed page."""


@dataclass(slots=True)
class Word:
    """A word on its baseline. Points, from the left and the top of the upright page."""

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool = False
    stamped: bool = False
    """Printed by a form field or a stamp over the page."""
    tied: bool = False
    """A blank that no line may end at stands before it."""

    @property
    def middle(self) -> tuple[float, float]:
        """A point in the middle of its small letters."""
        return (self.left + self.right) / 2, self.base - 0.25 * self.size


@dataclass(frozen=True, slots=True)
class Turn:
    """How a page is turned and moved for its text to read upright.

    ``quarter``: the direction of its text, 0 to the right, 1 upwards, 2 to the left, 3 downwards.
    The box is that of the page in the file's own coordinates.
    """

    quarter: int
    left: float
    bottom: float
    right: float
    top: float

    def place(self, x: float, y: float) -> tuple[float, float]:
        """From the coordinates of the file (y upwards) to the upright page (y downwards)."""
        if self.quarter == 0:
            return x - self.left, self.top - y
        if self.quarter == 1:
            return y - self.bottom, x - self.left
        if self.quarter == 2:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the upright page."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.quarter % 2 else (width, height)


@dataclass(slots=True)
class PageWords:
    """The words of a page in the order of the file.

    ``sideways`` are those that run in another direction than most of the page, each direction
    turned for itself; ``skewed`` are words that stand askew. ``bare`` is the text of a page with
    far too many characters, whose places were not looked at.
    """

    turn: Turn
    words: list[Word]
    sideways: list[list[Word]] = field(default_factory=list)
    skewed: list[str] = field(default_factory=list)
    bare: str = ""


@dataclass(frozen=True, slots=True)
class _Style:
    """What all characters of one text object share."""

    size: float
    bold: bool
    quarter: int  # -1: askew


_Token = tuple[str, _Style, float, float, tuple[float, float, float, float], bool, bool]
_UNKNOWN = _Style(10.0, False, 0)


class WordReader:
    """Reads the words of one page after the other; holds what pdfium's functions write into."""

    def __init__(self) -> None:
        import pypdfium2.raw as pdfium

        number, handle = ctypes.c_int, ctypes.c_void_p
        self._pdfium: Any = pdfium
        self._origin = _bind(pdfium.FPDFText_GetCharOrigin, number, handle, number, handle, handle)
        self._box = _bind(pdfium.FPDFText_GetLooseCharBox, number, handle, number, handle)
        self._object = _bind(pdfium.FPDFText_GetTextObject, handle, handle, number)
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._edges = (ctypes.c_float * 4)()  # left, top, right, bottom
        self._styles: dict[int | None, _Style] = {}
        self._fonts: dict[int, bool] = {}

    def read(self, page: Any, printed: int | None = None) -> PageWords:
        """Words of a page (``pypdfium2.PdfPage``); characters from ``printed`` on are stamped."""
        pdfium = self._pdfium
        text = pdfium.FPDFText_LoadPage(page.raw)
        if not text:
            return PageWords(_turn(pdfium, page.raw, 0), [])
        try:
            return self._read(page, text, printed)
        finally:
            pdfium.FPDFText_ClosePage(text)

    def count(self, page: Any) -> int:
        """The number of characters of a page."""
        text = self._pdfium.FPDFText_LoadPage(page.raw)
        if not text:
            return 0
        try:
            return int(self._pdfium.FPDFText_CountChars(text))
        finally:
            self._pdfium.FPDFText_ClosePage(text)

    def _read(self, page: Any, text: Any, printed: int | None) -> PageWords:
        characters = self._characters(text)
        if len(characters) > MAX_CHARACTERS:
            bare = characters.translate(_HYPHENS)
            return PageWords(_turn(self._pdfium, page.raw, 0), [], bare=bare)
        self._styles, self._fonts = {}, {}
        found = self._tokens(text, characters, len(characters) if printed is None else printed)
        weight: Counter[int] = Counter()
        for token, style, *_ in found:
            weight[style.quarter] += len(token)
        skewed = [token for token, style, *_ in found if style.quarter < 0]
        del weight[-1]
        main = weight.most_common(1)[0][0] if weight else page.get_rotation() // 90
        turn = _turn(self._pdfium, page.raw, main)
        by_quarter: dict[int, list[Word]] = {main: []}
        for token, style, x, y, edges, stamped, tied in found:
            if style.quarter < 0:
                continue
            own = turn if style.quarter == main else _turn(self._pdfium, page.raw, style.quarter)
            word = _word(token, style, own, (x, y), edges, stamped)
            word.tied = tied
            _take(by_quarter.setdefault(style.quarter, []), word)
        words = by_quarter.pop(main)
        return PageWords(turn, words, list(by_quarter.values()), skewed)

    def _characters(self, text: Any) -> str:
        """The text of the page, one character for each that pdfium counts."""
        pdfium = self._pdfium
        count = pdfium.FPDFText_CountChars(text)
        if count <= 0:
            return ""
        buffer = (ctypes.c_ushort * (count + 1))()
        written = pdfium.FPDFText_GetText(text, 0, count, buffer)
        raw = bytes(buffer)[: 2 * max(0, written - 1)]
        characters = raw.decode("utf-16-le", errors="replace")
        if len(characters) != count and count <= MAX_CHARACTERS:  # letters beyond 16 bits
            codes = (pdfium.FPDFText_GetUnicode(text, index) for index in range(count))
            characters = "".join(_letter(code) for code in codes)
        return characters

    def _tokens(self, text: Any, characters: str, printed: int) -> list[_Token]:
        """Words with style, start of the baseline, box of the last letter, stamped, tied."""
        handle = ctypes.cast(text, ctypes.c_void_p).value
        x, y, edges = self._x, self._y, self._edges
        at_x, at_y, at_box = ctypes.addressof(x), ctypes.addressof(y), ctypes.addressof(edges)
        out = []
        for match in _TOKEN.finditer(characters):
            start, end = match.span()
            for first, last in self._pieces(text, handle, match.group(), start, end):
                token = characters[first:last].translate(_HYPHENS)
                style = self._style(text, handle, first)
                self._origin(handle, first, at_x, at_y)
                final = last - 1
                while final > first and unicodedata.combining(characters[final]):
                    final -= 1
                self._box(handle, final, at_box)
                box = (edges[0], edges[1], edges[2], edges[3])
                tied = first > 0 and characters[first - 1] == "\u00a0"
                out.append((token, style, x.value, y.value, box, first >= printed, tied))
        return out

    def _pieces(
        self, text: Any, handle: int | None, token: str, start: int, end: int
    ) -> list[tuple[int, int]]:
        """A word in pieces where digits are set smaller or larger: the mark of a note."""
        if len(token) < 2 or token.isalpha() or not any(map(str.isdigit, token)):
            return [(start, end)]
        size = self._style(text, handle, start).size
        pieces: list[tuple[int, int]] = []
        first = start
        for digits in _DIGITS.finditer(token):
            for at in (*range(start + digits.start(), start + digits.end()), start + digits.end()):
                here = self._style(text, handle, at).size if at < end else size
                if at > first and abs(here - size) > 0.1 * max(here, size):
                    pieces.append((first, at))
                    first, size = at, here
        return [*pieces, (first, end)]

    def _style(self, text: Any, handle: int | None, index: int) -> _Style:
        key = self._object(handle, index)
        style = self._styles.get(key)
        if style is None:
            style = self._styles[key] = self._look(text, index, key)
        return style

    def _look(self, text: Any, index: int, key: int | None) -> _Style:
        pdfium = self._pdfium
        matrix = pdfium.FS_MATRIX()
        if not pdfium.FPDFText_GetMatrix(text, index, matrix):
            return _UNKNOWN
        scale = math.hypot(matrix.c, matrix.d)
        size = (pdfium.FPDFText_GetFontSize(text, index) or 1.0) * (scale or 1.0)
        angle = math.atan2(matrix.b, matrix.a)
        quarter = round(angle / (math.pi / 2))
        askew = abs(angle - quarter * math.pi / 2) > _SKEWED
        return _Style(max(size, 0.1), self._bold(text, index, key), -1 if askew else quarter % 4)

    def _bold(self, text: Any, index: int, key: int | None) -> bool:
        pdfium = self._pdfium
        if key is None:
            return False
        item = pdfium.FPDFText_GetTextObject(text, index)
        if pdfium.FPDFTextObj_GetTextRenderMode(item) == _FILL_AND_STROKE:
            return True
        font = pdfium.FPDFTextObj_GetFont(item)
        address = ctypes.cast(font, ctypes.c_void_p).value or 0
        if address not in self._fonts:
            name = ctypes.create_string_buffer(128)
            pdfium.FPDFFont_GetBaseFontName(font, name, 128)
            heavy = pdfium.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT
            self._fonts[address] = heavy or bool(_BOLD_NAME.search(name.value.decode("latin-1")))
        return self._fonts[address]


def _bind(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A function of pdfium called with plain numbers and addresses: three times as fast."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    assert address is not None
    return ctypes.CFUNCTYPE(result, *arguments)(address)


def _letter(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _turn(pdfium: Any, page: Any, quarter: int) -> Turn:
    box = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(page, box) or box.right <= box.left:
        return Turn(quarter, 0.0, 0.0, 595.0, 842.0)
    return Turn(quarter, box.left, box.bottom, box.right, box.top)


def _word(
    token: str,
    style: _Style,
    turn: Turn,
    origin: tuple[float, float],
    edges: tuple[float, float, float, float],
    stamped: bool,
) -> Word:
    left, base = turn.place(*origin)
    # the corner of the last letter's box where the text runs to
    corner = (
        (edges[2], edges[3]), (edges[0], edges[1]), (edges[0], edges[1]), (edges[2], edges[3])
    )[turn.quarter]  # fmt: skip
    right = turn.place(*corner)[0]
    return Word(token, left, max(right, left), base, style.size, style.bold, stamped)


def _take(words: list[Word], word: Word) -> None:
    """Add a word; a mark that the file sets apart belongs to the letter before it."""
    at = 0
    while at < len(word.text) and unicodedata.combining(word.text[at]):
        at += 1
    if at and words:
        words[-1].text += word.text[:at]
        word.text = word.text[at:]
    if word.text:
        words.append(word)
