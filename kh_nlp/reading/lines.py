"""Decoded text to cleaned physical lines, each of whose characters still knows its origin.

Markup that carries no words (``**``, ``<b>``, ``#``, ``_``), zero-width characters and doubled
blanks are dropped; text is brought to NFC. Nothing else is changed.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_SPACES = re.compile(r"[\u00a0\u2002\u2003\u2007\u2009\u202f\u3000\x0b]")
BREAK = "\x1f"  # an HTML line break inside a cell of a table written in one line
_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAGS = r"</?(?:b|i|u|em|strong|br|p|div|span|font|sup|sub|center|hr)\b[^<>]{0,80}>"
_MARKUP = re.compile(
    # Most places are ruled out by their first character, before any alternative is tried.
    r"(?=[\u200b-\u200d\u2060\ufeff\u00ad\\#><*_ ])(?:"
    r"[\u200b-\u200d\u2060\ufeff\u00ad]"  # zero-width characters, soft hyphen
    r"|^[ ]{0,3}\#{1,6}(?=[ ]+\S)"  # markdown heading
    r"|^[ ]{0,3}>(?=[ ])"  # markdown quotation
    rf"|{_TAGS}"
    r"|\*{2,}"  # bold
    r"|(?<=[^(\s*])\*(?![)*])|(?<!\()\*(?=[^\s)*])|(?<=\S[ ])\*$"  # italics; "* item", "(*)" stay
    r"|^_(?=\S)|(?<=[\s(])_(?=[^\s_])|(?<=[^\s_])_(?=[\s.,;:)]|$)"  # italics by underscores
    r"|\\(?=[-*_#.()\[\]|])"  # markdown escapes
    r"|(?<=[ ])[ ]+)",  # doubled blanks
    re.IGNORECASE,
)
_INVISIBLE = re.compile(r"[\u200b-\u200d\u2060\ufeff\u00ad]|(?<=[ ])[ ]+")
_NEEDS_CLEANING = re.compile(r"[*#<>_\\\u200b-\u200d\u2060\ufeff\u00ad]|  ")
_RULE = re.compile(r"^(?:[\s|:-]{3,}|[\s|]*[-–—_=*~.·]{3,}[\s|]*)$")
_CLUSTER = re.compile(r"[^\u0300-\u036f][\u0300-\u036f]+")
_RULE_STARTS = frozenset(["", *"|:-–—_=*~.·"])
_CHUNK_END = re.compile(r"\r\n|[\n\r\f\u2028\u2029\x85]")


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
    composed = unicodedata.is_normalized("NFC", text)
    lines: list[Line] = []
    page, number, blank, fresh, bold = 1, 0, 0, True, False
    gaps: list[int] = []  # blank lines before each line
    dirty = _next_dirty(text, 0)
    within = False
    for start, end, whole in _chunks(text):
        if start > 0 and text[start - 1] == "\f":
            page, fresh = page + 1, True
        elif not within:
            number += 1
        within, opened = not whole, within
        raw = text[start:end]
        words = raw.strip()
        if not words and not raw.strip(" \r"):
            if opened or within:
                continue  # nothing beside a line break
            blank, bold = blank + 1, False
            continue
        strong = bold
        if "**" in raw:
            opens = bold or words.startswith("**")
            bold = bold != (raw.count("**") % 2 == 1)
            strong = opens and (bold or words.endswith("**"))
        if words[:1] in _RULE_STARTS and _RULE.match(raw):
            continue
        if dirty < start:
            dirty = _next_dirty(text, start)
        if dirty < end or not composed or not words or "\t" in raw:
            line = _clean(raw, start, page, number)
        else:
            line = Line(words, ((0, start + raw.index(words[0])),), page, number)
        if line.text:
            line.after_blank, line.first_on_page = blank > 0, fresh
            gaps.append(blank)
            line.strong = strong
            lines.append(line)
            blank, fresh = 0, False
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


def _chunks(text: str) -> Iterator[tuple[int, int, bool]]:
    """Bounds of the stretches between line ends and form feeds, and whether one ends a line.

    An HTML line break ends one too, but for the cells of a table, whose row is one line.
    """
    start = 0
    breaks = "<br" in text or "<BR" in text
    for match in itertools.chain(_CHUNK_END.finditer(text), [None]):
        end = match.start() if match else len(text)
        if breaks and "|" not in (raw := text[start:end]) and "\t" not in raw:
            for tag in _BREAK_TAG.finditer(text, start, end):
                yield start, tag.start(), False
                start = tag.end()
        yield start, end, True
        start = match.end() if match else end


def _next_dirty(text: str, start: int) -> int:
    """Where the next character stands that ``_clean`` may have to drop."""
    match = _NEEDS_CLEANING.search(text, start)
    return match.start() if match else len(text)


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
    pieces: list[tuple[str, int]] = []
    at = 0
    for match in markup.finditer(raw):
        if match.start() > at:
            pieces.append((raw[at : match.start()], offset + at))
        if _BREAK_TAG.fullmatch(match.group()):
            pieces.append((BREAK, offset + match.start()))
        at = match.end()
    pieces.append((raw[at:], offset + at))
    if not unicodedata.is_normalized("NFC", raw):
        pieces = [part for piece, origin in pieces for part in _compose(piece, origin)]
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
