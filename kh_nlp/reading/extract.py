"""What every reader hands on: lines and table rows in reading order, with the way back to the file.

A reader of one format (Word, PDF, scan, web page, text) knows its file and nothing of plans. It
feeds an ``ExtractBuilder``; what happens then (paragraphs, positions) is the same for all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kh_nlp.model import Format
from kh_nlp.reading.legacy_lines import reread
from kh_nlp.reading.lines import Line, tidy
from kh_nlp.reading.tables import Item, Row
from kh_nlp.repairing import Word

Progress = Callable[[str, int, int], None]
"""Called with (name of the file, pages done, pages in all) while a file is read page by page."""


OCR_OFF = "là bản quét, mà việc nhận dạng chữ đang tắt."
"""Why a scan was not read with ``Options.ocr`` off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How files are read. ``ocr``: pages without text are read by tesseract. ``restore``: passages
    that lost their Vietnamese letters get them back.

    ``workers`` processes may read pages of one file at the same time. ``cache`` is the folder that
    keeps pages already read by OCR, so that a killed run goes on where it was (``None``: a folder
    of the user's cache).
    """

    ocr: bool = True
    restore: bool = True
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    cache: Path | None = None
    progress: Progress | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """The content of one file.

    ``items`` in reading order, without page furniture. ``text`` is the decoded file, the characters
    that ``Line.marks`` point into. ``wrapped``: ``True`` when lines are those of a
    printed page, ``False`` when each line is a paragraph, ``None`` when that must be found out.
    ``marked``: ``Line.after_blank`` is set exactly where a paragraph begins, as geometry tells.
    ``damaged``: some passages had lost their Vietnamese letters; ``restored`` are the words that
    were changed for it, by their place in ``text``.
    """

    format: Format
    items: list[Item]
    pages: int
    text: str
    wrapped: bool | None = None
    marked: bool = False
    warnings: tuple[str, ...] = ()
    damaged: bool = False
    restored: Mapping[int, Word] = field(default_factory=dict)


class ExtractBuilder:
    """Collects lines and rows in reading order, and the decoded file they stand in.

    The decoded file of a format that is no text is what the reader met, one line of text after the
    other, each ended by a line feed: offsets into it are stable for equal files.
    """

    def __init__(
        self, format: Format, *, wrapped: bool | None = None, marked: bool = False
    ) -> None:
        self.format = format
        self.wrapped = wrapped
        self.marked = marked
        self.items: list[Item] = []
        self.warnings: list[str] = []
        self.pages = 1
        self._met: list[str] = []
        self._length = 0
        self._tables = 0

    def line(
        self,
        text: str,
        *,
        page: int = 1,
        number: int = 1,
        after_blank: bool = False,
        first_on_page: bool = False,
        in_cell: bool = False,
        strong: bool = False,
    ) -> Line | None:
        """A line of text, cleaned (NFC, blanks, zero-width characters); ``None`` when blank.

        Counted as met but not yet placed: hand it to ``add`` or put it into a cell of ``row``.
        ``page`` from 1. ``number`` from 1: the line of the page where the format has printed lines,
        else the paragraph of the file. The other flags are those of ``Line``.
        """
        line = tidy(text.replace("\t", " "), self._length, page, number)
        self._met.append(text)
        self._length += len(text) + 1
        if not line.text:
            return None
        line.after_blank, line.first_on_page = after_blank, first_on_page
        line.in_cell, line.strong = in_cell, strong
        self.pages = max(self.pages, page)
        return line

    def add(self, line: Line | None) -> None:
        """Place a line after what is there; ``None`` is ignored."""
        if line is not None:
            self.items.append(line)

    def table(
        self,
        rows: Sequence[Sequence[Sequence[Line | None]]],
        covered: Sequence[frozenset[int]] = (),
    ) -> None:
        """Place a table: rows of cells of lines.

        Every row has the table's number of columns: a cell merged with the one above it or before
        it is empty. ``covered`` tells for each row which columns are merged with the cell above.
        Rows without any line are dropped; a table without rows is none.
        """
        filled = [
            tuple(tuple(line for line in cell if line is not None) for cell in row) for row in rows
        ]
        if not any(any(row) for row in filled):
            return
        self._tables += 1
        merged = covered or [frozenset[int]()] * len(filled)
        self.items += [
            Row(cells, self._tables, below)
            for cells, below in zip(filled, merged, strict=True)
            if any(cells)
        ]

    def warn(self, sentence: str) -> None:
        """A Vietnamese sentence for the user, once."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)

    def extract(self) -> Extract:
        """What was collected, passages in old encodings brought to Unicode."""
        met = "\n".join(self._met)
        items, warnings = reread(self.items, met)
        return Extract(
            format=self.format,
            items=items,
            pages=self.pages,
            text=met,
            wrapped=self.wrapped,
            marked=self.marked,
            warnings=(*self.warnings, *warnings),
        )
