"""Lines and rows to one text in reading order, every character of which knows its origin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kh_nlp.model import Cell, Format, Restoration, Run, Span
from kh_nlp.reading.extract import Extract
from kh_nlp.reading.lines import Line
from kh_nlp.reading.reflow import Kind, Paragraph, reflow
from kh_nlp.repairing import Word


@dataclass(frozen=True, slots=True)
class TextLine:
    """One paragraph, footnote or table row of ``Reading.text``.

    ``cells`` are the spans of a row's cells (empty span: empty cell), ``table`` numbers the tables
    from 1 (0: no table), ``covered`` are the columns, from 0, merged with the cell above.
    ``continues``: goes on with the sentence that a footnote interrupts.
    """

    start: int
    end: int
    kind: Kind
    page: int
    cells: tuple[Span, ...] = ()
    table: int = 0
    continues: bool = False
    covered: frozenset[int] = frozenset()


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
    damaged: bool = False
    restorations: tuple[Restoration, ...] = ()


def compose(extract: Extract, path: str, sha256: str) -> Reading:
    """The reading of a file called ``path`` whose content is ``extract``."""
    writer = _Writer()
    for paragraph in reflow(extract.items, extract.wrapped, marked=extract.marked):
        writer.add(paragraph)
    text = "".join(writer.pieces)
    return Reading(
        path=path,
        sha256=sha256,
        format=extract.format,
        pages=extract.pages,
        characters=len(extract.text),
        text=text,
        lines=tuple(writer.lines),
        runs=tuple(writer.runs),
        warnings=extract.warnings,
        damaged=extract.damaged,
        restorations=tuple(_restorations(text, writer.runs, extract.restored)),
    )


def _restorations(
    text: str, runs: Sequence[Run], restored: Mapping[int, Word]
) -> Iterator[Restoration]:
    """The restored words where they stand in the text; each begins a run of its own."""
    for run in runs if restored else ():
        word = restored.get(run.offset)
        if word is not None and text.startswith(word.text, run.start):
            yield Restoration(
                start=run.start,
                end=run.start + len(word.text),
                original=word.read,
                confidence=round(word.confidence, 3),
            )


class _Writer:
    """Joins paragraphs to one text and notes the origin of every run of characters."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.lines: list[TextLine] = []
        self.runs: list[Run] = []
        self.length = 0
        self.table, self.row = 0, 0

    def add(self, paragraph: Paragraph) -> None:
        if self.length and not (paragraph.lines and paragraph.lines[0].glued):
            self._put("\n")
        start = self.length
        page = paragraph.lines[0].page if paragraph.lines else 1
        cells: list[Span] = []
        if paragraph.row is not None:
            self.row = self.row + 1 if paragraph.row.table == self.table else 1
            self.table = paragraph.row.table
            for index, cell in enumerate(paragraph.row.cells):
                if index:
                    self._put("\t")
                at = self.length
                if cell:
                    place = Cell(table=self.table, row=self.row, column=index + 1)
                    self._lines(cell, place)
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
                paragraph.row.covered if paragraph.row else frozenset(),
            )
        )

    def _lines(self, lines: Sequence[Line], cell: Cell | None = None) -> None:
        pieces, runs, length = self.pieces, self.runs, self.length
        before = ""
        for line in lines:
            text = line.text
            if before and not _glued(before, text):
                pieces.append(" ")
                length += 1
            for at, origin in line.marks:
                start = length + at
                runs.append(
                    Run(start=start, page=line.page, line=line.number, offset=origin, cell=cell)
                )
            pieces.append(text.replace("\t", " "))
            length += len(text)
            before = text
        self.length = length

    def _put(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)


def _glued(before: str, after: str) -> bool:
    """A compound broken at its hyphen ("HĐND-" / "UBND") is put together without a blank."""
    return before[-1] == "-" and before[-2:-1].isalnum() and after[:1].isalpha()
