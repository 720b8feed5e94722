"""Pages of a PDF handed to the builder: paragraphs marked, tables kept open over the page's end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from kh_nlp.reading.extract import ExtractBuilder
from kh_nlp.reading.lines import Line
from kh_nlp.reading.pdf.columns import Group, arrange
from kh_nlp.reading.pdf.joining import OpenTable
from kh_nlp.reading.pdf.lines import SUPERSCRIPTS, PrintedLine
from kh_nlp.reading.pdf.notes import body_size, split_notes
from kh_nlp.reading.pdf.pages import Page, Table
from kh_nlp.reading.pdf.paragraphs import Measure, Paragraphs, block_measure, measure
from kh_nlp.reading.tables import is_layout, unroll

Format = tuple[int, int]

_FOOT = 0.8  # of the page's height: a block that ends above goes on nowhere


def format_of(page: Page) -> Format:
    """Pages of one width and height are set alike."""
    return round(page.width), round(page.height)


class Layout:
    """A page in reading order: groups of lines and tables, then notes and lines set sideways."""

    def __init__(self, page: Page) -> None:
        self.page = page
        lines, self.notes = split_notes(page.lines, body_size(page.lines))
        self.blocks: list[Group | Table] = []
        at = 0
        for table in page.tables:
            end = at
            while end < len(lines) and lines[end].base < table.top + 2:
                end += 1
            self.blocks += arrange(lines[at:end])
            self.blocks.append(table)
            at = end
        self.blocks += arrange(lines[at:])
        self.overleaf: list[PrintedLine] = []
        """Lines of the next page that go on with the left one of the two blocks that end this."""
        self.taken = 0  # lines of this page that the page before has in ``overleaf``

    def running(self) -> list[PrintedLine]:
        """Lines of running text."""
        return [
            line
            for block in self.blocks
            if isinstance(block, Group) and not block.block
            for line in block.lines
        ]


def join_blocks(layouts: Sequence[Layout]) -> None:
    """Let a list of addressees that goes on overleaf be read to its end before the signature."""
    for layout, below in pairwise(layouts):
        if below.page.number != layout.page.number + 1 or len(layout.blocks) < 2:
            continue
        left, right = layout.blocks[-2:]
        head = below.blocks[0] if below.blocks else None
        if not all(isinstance(block, Group) and block.block for block in (left, right)):
            continue
        assert isinstance(left, Group) and isinstance(right, Group)
        if not (left.lines and right.lines):
            continue  # all of a column stands in the page before
        if not isinstance(head, Group) or left.lines[-1].base < _FOOT * layout.page.height:
            continue
        size, edge = left.lines[-1].size, min(line.left for line in left.lines)
        strip = min(line.left for line in right.lines) - 0.4 * size
        while head.lines and _goes_on(head.lines[0], size, edge, strip):
            layout.overleaf.append(head.lines.pop(0))
        below.taken = len(layout.overleaf)


def _goes_on(line: PrintedLine, size: float, edge: float, strip: float) -> bool:
    alike = abs(line.size - size) < 0.12 * size
    item = line.text[0] in "-–+•*" or edge - 2 < line.left < edge + 3 * size
    return alike and item and line.right < strip


def measures(layouts: Sequence[Layout]) -> dict[Format, Measure]:
    """The measure of running text for each format of pages."""
    formats: dict[Format, list[list[PrintedLine]]] = {}
    for layout in layouts:
        formats.setdefault(format_of(layout.page), []).append(layout.running())
    return {name: measure(pages) for name, pages in formats.items()}


class Writer:
    """Places pages one after the other."""

    def __init__(self, builder: ExtractBuilder, measures: Mapping[Format, Measure]) -> None:
        self.builder = builder
        self._measures = measures
        self._paragraphs = Paragraphs()
        self._table: OpenTable | None = None
        self._waiting: list[Line | None] = []  # notes below a table that may go on overleaf
        self._page = self._number = 0
        self._fresh = True

    def page(self, layout: Layout) -> None:
        """Place what stands on one page."""
        self._page, self._number, self._fresh = layout.page.number + 1, layout.taken, True
        usual = self._measures[format_of(layout.page)]
        if layout.page.bare:
            self.close_table()
            for text in layout.page.bare.splitlines():
                self._add(self._line(text, begins=True))
            return
        for block in layout.blocks:
            if isinstance(block, Table):
                self._place_table(block)
            elif block.lines:
                self.close_table()
                self._place_group(block, usual)
            if layout.overleaf and block is layout.blocks[-2]:
                self._place_overleaf(layout.overleaf)
        for line in layout.notes:
            self._later(self._line(line.text, begins=line.text[0] in SUPERSCRIPTS))
        for line in layout.page.aside:
            self._later(self._line(line.text, begins=True))

    def close_table(self) -> None:
        """Place the table that is still open, and the notes below it."""
        if self._table is not None:
            rows, self._table = self._table.rows, None
            if is_layout([tuple(row) for row in rows]):
                for item in unroll([tuple(row) for row in rows]):
                    self.builder.add(item if isinstance(item, Line) else None)
            else:
                self.builder.table(rows)
        for line in self._waiting:
            self.builder.add(line)
        self._waiting = []

    def _place_group(self, group: Group, usual: Measure) -> None:
        measure, paragraphs = usual, self._paragraphs
        if group.block:
            measure, paragraphs = block_measure(group.lines, usual), Paragraphs()
            self._paragraphs.reset()
        for line in group.lines:
            begins = paragraphs.begins(line, measure, fresh=self._fresh)
            self._add(self._line(line.text, begins=begins, strong=line.bold))

    def _place_overleaf(self, lines: Sequence[PrintedLine]) -> None:
        for number, line in enumerate(lines, 1):
            placed = self.builder.line(
                line.text, page=self._page + 1, number=number, after_blank=True, strong=line.bold
            )
            self.builder.add(placed)

    def _place_table(self, table: Table) -> None:
        self._paragraphs.reset()
        at_head = self._fresh
        table.rows = [row for row in table.rows if any(row)]
        rows = [[tuple(self._cell(cell)) for cell in row] for row in table.rows]
        self._fresh = False
        if self._table is not None and at_head and self._table.takes(table.columns):
            self._table.go_on(rows, table)
            return
        self.close_table()
        self._table = OpenTable(rows, table)

    def _cell(self, cell: Sequence[PrintedLine]) -> list[Line]:
        lines = [self._line(line.text, begins=False) for line in cell]
        return [line for line in lines if line is not None]

    def _line(self, text: str, *, begins: bool, strong: bool = False) -> Line | None:
        self._number += 1
        return self.builder.line(
            text,
            page=self._page,
            number=self._number,
            after_blank=begins,
            first_on_page=self._fresh,
            strong=strong,
        )

    def _add(self, line: Line | None) -> None:
        self.builder.add(line)
        self._fresh = False

    def _later(self, line: Line | None) -> None:
        """Place a line after the table that is open, if one is."""
        if self._table is None:
            self.builder.add(line)
        else:
            self._waiting.append(line)
