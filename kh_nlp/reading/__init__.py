"""A file to its text in reading order, every character of which still knows where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kh_nlp.model import Format, Run, Span
from kh_nlp.reading.files import FORMATS, DecodedFile, load
from kh_nlp.reading.furniture import drop_furniture
from kh_nlp.reading.fused import split_fused
from kh_nlp.reading.lines import Line, split_lines
from kh_nlp.reading.reflow import Kind, Paragraph, reflow
from kh_nlp.reading.spread import find_spread_tables
from kh_nlp.reading.tables import Row, find_tables

__all__ = ["FORMATS", "Reading", "TextLine", "read_file", "read_text"]


@dataclass(frozen=True, slots=True)
class TextLine:
    """One paragraph, footnote or table row of ``Reading.text``.

    ``cells`` are the spans of a row's cells (empty span: empty cell), ``table`` numbers the tables
    from 1 (0: no table). ``continues``: goes on with the sentence that a footnote interrupts.
    """

    start: int
    end: int
    kind: Kind
    page: int
    cells: tuple[Span, ...] = ()
    table: int = 0
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says: ``text`` in NFC, paragraphs separated by newlines, cells by tabs."""

    path: str
    sha256: str
    format: Format
    pages: int
    characters: int
    text: str
    lines: tuple[TextLine, ...]
    runs: tuple[Run, ...]
    warnings: tuple[str, ...]


def read_file(path: Path) -> Reading:
    """Read one file. Raises InputError with one clear line when it is no readable text."""
    return _read(load(path))


def read_text(text: str, name: str = "văn bản.txt", format: Format = "text") -> Reading:
    """Read text that is already at hand as if it stood in a file called ``name``."""
    from hashlib import sha256

    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return _read(DecodedFile(path=Path(name), sha256=digest, format=format, text=text, warnings=()))


def _read(file: DecodedFile) -> Reading:
    lines, pages = split_lines(file.text)
    items = find_tables(split_fused(lines))
    tables = max((item.table for item in items if isinstance(item, Row)), default=0)
    items = find_spread_tables(items, tables + 1)
    items, pages = drop_furniture(items, pages)
    writer = _Writer()
    for paragraph in reflow(items):
        writer.add(paragraph)
    return Reading(
        path=str(file.path),
        sha256=file.sha256,
        format=file.format,
        pages=pages,
        characters=len(file.text),
        text="".join(writer.pieces),
        lines=tuple(writer.lines),
        runs=tuple(writer.runs),
        warnings=file.warnings,
    )


class _Writer:
    """Joins paragraphs to one text and notes the origin of every run of characters."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.lines: list[TextLine] = []
        self.runs: list[Run] = []
        self.length = 0

    def add(self, paragraph: Paragraph) -> None:
        if self.length and not (paragraph.lines and paragraph.lines[0].glued):
            self._put("\n")
        start = self.length
        page = paragraph.lines[0].page if paragraph.lines else 1
        cells: list[Span] = []
        if paragraph.row is not None:
            for index, cell in enumerate(paragraph.row.cells):
                if index:
                    self._put("\t")
                at = self.length
                self._lines(list(cell))
                cells.append((at, self.length))
        else:
            self._lines(paragraph.lines)
        self.lines.append(
            TextLine(
                start,
                self.length,
                paragraph.kind,
                page,
                tuple(cells),
                paragraph.row.table if paragraph.row else 0,
                paragraph.continues,
            )
        )

    def _lines(self, lines: list[Line]) -> None:
        for index, line in enumerate(lines):
            if index and not _glued(lines[index - 1].text, line.text):
                self._put(" ")
            for at, origin in line.marks:
                self.runs.append(
                    Run(start=self.length + at, page=line.page, line=line.number, offset=origin)
                )
            self._put(line.text.replace("\t", " "))

    def _put(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)


def _glued(before: str, after: str) -> bool:
    """A compound broken at its hyphen ("HĐND-" / "UBND") is put together without a blank."""
    return len(before) > 1 and before[-1] == "-" and before[-2].isalnum() and after[:1].isalpha()
