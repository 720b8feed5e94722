"""What a plan looks like on paper, apart from any file format.

A ``Layout`` is a sequence of blocks in reading order. Text holds ``Piece`` records: words, or the
mark of a footnote. Lengths are in centimetres.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Role = Literal[
    "kind",  # "KẾ HOẠCH", "QUYẾT ĐỊNH"
    "title",  # the words below it
    "issued",  # "(Kèm theo Kế hoạch số …)"
    "annex",  # "PHỤ LỤC II"
    "basis",  # "Căn cứ …;"
    "heading",
    "text",
]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, or with ``note`` (an index into ``Layout.notes``) the mark of a footnote."""

    text: str
    note: int | None = None


Text = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """The label that a paragraph begins with: ``printed`` are its characters ("1.", "a)").

    Labels with the same ``list`` number the members of one list; ``holder`` is the list that the
    unit around it belongs to (0: none). ``prefix`` are the numbers before the last ("2.1" → 2).
    """

    style: str
    ordinal: int
    printed: str
    list: int
    holder: int = 0
    prefix: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``depth`` from 0 is that of the unit whose heading or first line it is."""

    text: Text
    role: Role = "text"
    depth: int = 0
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The head in two columns: bodies and number on the left, formula and date on the right."""

    superior: tuple[str, ...]
    issuer: tuple[str, ...]
    formula: tuple[str, ...]
    number: tuple[str, ...]
    date: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of lines. In a ``group`` row the last filled cell goes over all that follow."""

    cells: tuple[tuple[Text, ...], ...]
    group: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of equal width; the first ``titles`` of them head the table on every page."""

    rows: tuple[Row, ...]
    titles: int = 0

    @property
    def columns(self) -> int:
        """Number of columns."""
        return max(len(row.cells) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Signing:
    """Recipients on the left ("Nơi nhận:" first), offices and name of the signer on the right."""

    recipients: tuple[str, ...]
    offices: tuple[str, ...]
    name: str | None


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins a new page; ``wide`` turns it on its side."""

    wide: bool = False


Block = Head | Paragraph | Table | Signing | NewPage


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote. ``label`` as printed in the source, which is not always its turn."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A plan ready to be written; ``name`` is the stem of the files, ``title`` that of pages."""

    name: str
    title: str
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...] = ()


def plain(text: Text) -> str:
    """The words of a text without marks."""
    return "".join(piece.text for piece in text if piece.note is None)


def block_lines(block: Block) -> Iterator[str]:
    """The texts of a block in reading order, a cell or a paragraph each."""
    if isinstance(block, Paragraph):
        yield plain(block.text)
    elif isinstance(block, Head):
        yield from (*block.superior, *block.issuer, *block.formula, *block.number, *block.date)
    elif isinstance(block, Table):
        yield from (plain(line) for row in block.rows for cell in row.cells for line in cell)
    elif isinstance(block, Signing):
        yield from (*block.recipients, *block.offices)
        if block.name:
            yield block.name


def words(layout: Layout) -> list[str]:
    """All words of a plan, notes last."""
    texts = [text for block in layout.blocks for text in block_lines(block)]
    texts += [note.text for note in layout.notes]
    return [word for text in texts for word in text.split()]


_WORD = re.compile(r"\S+")


def column_widths(table: Table, total: float) -> list[float]:
    """Widths of the columns: room for the longest word, the rest by how much each has to say."""
    rows = [row for row in table.rows if not row.group]
    least: list[float] = []
    load: list[float] = []
    for column in range(table.columns):
        texts = [_cell_text(row.cells[column]) for row in rows if column < len(row.cells)]
        longest = max((len(word) for text in texts for word in _WORD.findall(text)), default=1)
        least.append(0.6 + 0.24 * min(longest, 12))
        load.append(sum(max(0, len(text) - 5) for text in texts) ** 0.6)
    free = total - sum(least)
    if free <= 0:
        return [total * width / sum(least) for width in least]
    shares = sum(load) or 1.0
    return [width + free * part / shares for width, part in zip(least, load, strict=True)]


def _cell_text(cell: Iterable[Text]) -> str:
    return " ".join(plain(line) for line in cell)
