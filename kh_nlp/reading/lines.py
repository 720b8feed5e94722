"""Decoded text to cleaned physical lines, each of whose characters still knows its origin.

Markup that carries no words (``**``, ``<b>``, ``#``, ``_``), zero-width characters and doubled
blanks are dropped; text is brought to NFC. Nothing else is changed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_SPACES = re.compile(r"[\u00a0\u2002\u2003\u2007\u2009\u202f\u3000\x0b]")
_TAGS = r"</?(?:b|i|u|em|strong|br|p|div|span|font|sup|sub|center|hr)\b[^<>]{0,80}>"
_MARKUP = re.compile(
    r"[\u200b-\u200d\u2060\ufeff\u00ad]"  # zero-width characters, soft hyphen
    r"|^[ ]{0,3}\#{1,6}(?=[ ]+\S)"  # markdown heading
    r"|^[ ]{0,3}>(?=[ ])"  # markdown quotation
    rf"|{_TAGS}"
    r"|\*{2,}"  # bold
    r"|(?<=[^(\s*])\*(?![)*])|(?<!\()\*(?=[^\s)*])|(?<=\S[ ])\*$"  # italics; "* item", "(*)" stay
    r"|^_(?=\S)|(?<=[\s(])_(?=[^\s_])|(?<=[^\s_])_(?=[\s.,;:)]|$)"  # italics by underscores
    r"|\\(?=[-*_#.()\[\]|])"  # markdown escapes
    r"|(?<=[ ])[ ]+",  # doubled blanks
    re.IGNORECASE,
)
_INVISIBLE = re.compile(r"[\u200b-\u200d\u2060\ufeff\u00ad]|(?<=[ ])[ ]+")
_NEEDS_CLEANING = re.compile(r"[*#<>_\\\u200b-\u200d\u2060\ufeff\u00ad]|  ")
_RULE = re.compile(r"^(?:[\s|:-]{3,}|[\s|]*[-–—_=*~.·]{3,}[\s|]*)$")
_CLUSTER = re.compile(r"[^\u0300-\u036f][\u0300-\u036f]+")
_LINE_END = re.compile(r"\r\n|[\n\r\u2028\u2029\x85]")


@dataclass(slots=True)
class Line:
    """A physical line. ``marks`` are pairs (offset in ``text``, offset in the decoded file).

    ``in_cell``: goes on inside a cell of a table that lays out a head or a signature. ``glued``:
    nothing stands between this and the line before it, whose end the file lost. ``strong``: set
    in bold from end to end.
    """

    text: str
    marks: tuple[tuple[int, int], ...]
    page: int
    number: int
    after_blank: bool = False
    first_on_page: bool = False
    in_cell: bool = False
    glued: bool = False
    strong: bool = False

    def part(self, start: int, end: int) -> Line:
        """The characters ``start:end`` without surrounding blanks, with their origins."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        if start == 0 and end == len(self.text):
            return self
        before = [mark for mark in self.marks if mark[0] <= start]
        at, origin = before[-1] if before else (0, 0)
        marks = [(0, origin + start - at)]
        marks += [(m - start, o) for m, o in self.marks if start < m < end]
        return Line(
            self.text[start:end],
            tuple(marks),
            self.page,
            self.number,
            self.after_blank,
            self.first_on_page,
            self.in_cell,
        )


def split_lines(text: str) -> tuple[list[Line], int]:
    """The non-blank lines of a decoded file, cleaned, and its number of pages (form feeds + 1).

    A line that is only a rule (``-----``, ``|---|---|``) is dropped like a blank one. Table marks
    (``|`` and tabs) stay for the table reader.
    """
    text = _SPACES.sub(" ", text)  # one character for one: offsets stay
    lines: list[Line] = []
    page, number, blank, fresh, bold = 1, 0, 0, True, False
    gaps: list[int] = []  # blank lines before each line
    start = 0
    ends = [match.span() for match in _LINE_END.finditer(text)]
    ends.append((len(text), len(text)))
    for end, following in ends:
        number += 1
        for chunk_start, chunk_end, new_page in _pages(text, start, end):
            if new_page:
                page, fresh = page + 1, True
            raw = text[chunk_start:chunk_end]
            if not raw.strip(" \r"):
                blank, bold = blank + 1, False
                continue
            opens = bold or raw.lstrip().startswith("**")
            bold = bold != (raw.count("**") % 2 == 1)
            strong = opens and (bold or raw.rstrip().endswith("**"))
            if _RULE.match(raw):
                continue
            line = _clean(raw, chunk_start, page, number)
            if line.text:
                line.after_blank, line.first_on_page = blank > 0, fresh
                gaps.append(blank)
                line.strong = strong
                lines.append(line)
                blank, fresh = 0, False
        start = following
    _level_gaps(lines, gaps)
    return lines, page


def tidy(raw: str, offset: int, page: int, number: int) -> Line:
    """A line of a file that has no markup in its text: NFC, without needless blanks.

    ``offset`` is where ``raw`` begins in the decoded file.
    """
    return _clean(_SPACES.sub(" ", raw), offset, page, number, _INVISIBLE)


def _level_gaps(lines: list[Line], gaps: list[int]) -> None:
    """Where a converter put blank lines after every line, only a wider gap is a blank line."""
    usual = min(gaps[1:], default=0)
    if usual < 1 or len(gaps) < 8:
        return
    for line, gap in zip(lines, gaps, strict=True):
        line.after_blank = gap > usual


def _pages(text: str, start: int, end: int) -> list[tuple[int, int, bool]]:
    if "\f" not in text[start:end]:
        return [(start, end, False)]
    parts = []
    at = start
    for index, chunk in enumerate(text[start:end].split("\f")):
        parts.append((at, at + len(chunk), index > 0))
        at += len(chunk) + 1
    return parts


def _clean(
    raw: str, offset: int, page: int, number: int, markup: re.Pattern[str] = _MARKUP
) -> Line:
    if (
        not _NEEDS_CLEANING.search(raw)
        and "\t" not in raw
        and unicodedata.is_normalized("NFC", raw)
    ):
        text = raw.strip()
        start = raw.find(text[0]) if text else 0
        return Line(text, ((0, offset + start),), page, number)
    keep: list[tuple[int, int]] = []
    if _NEEDS_CLEANING.search(raw):
        at = 0
        for match in markup.finditer(raw):
            if match.start() > at:
                keep.append((at, match.start()))
            at = match.end()
        keep.append((at, len(raw)))
    else:
        keep.append((0, len(raw)))
    pieces: list[tuple[str, int]] = []
    for start, end in keep:
        piece = raw[start:end]
        if unicodedata.is_normalized("NFC", piece):
            pieces.append((piece, offset + start))
        else:
            pieces += _compose(piece, offset + start)
    text, marks, at = "", [], 0
    for piece, origin in pieces:
        if piece:
            marks.append((at, origin))
            at += len(piece)
    text = "".join(piece for piece, _ in pieces)
    line = Line(text, tuple(marks), page, number)
    if "\t" in text:  # empty cells at either end of a row are kept
        return line.part(0, len(text)) if not text.strip() else line
    return line.part(0, len(text))


def _compose(piece: str, origin: int) -> list[tuple[str, int]]:
    """NFC of a decomposed piece; every composed cluster starts a new origin."""
    out: list[tuple[str, int]] = []
    at = 0
    for match in _CLUSTER.finditer(piece):
        if match.start() > at:
            out.append((unicodedata.normalize("NFC", piece[at : match.start()]), origin + at))
        out.append((unicodedata.normalize("NFC", match.group()), origin + match.start()))
        at = match.end()
    if at < len(piece):
        out.append((unicodedata.normalize("NFC", piece[at:]), origin + at))
    return out
