"""A layout as plain text, as text copied from printed pages, and as Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from .layout import Head, Layout, NewPage, Paragraph, Signing, Table, Text
from .marks import superscript

_WRAP = 78  # characters of a printed line
_LINES = 46  # lines of a printed page


def clean_text(layout: Layout) -> str:
    """A paragraph a line, a blank line between them, notes below the paragraph of their mark."""
    out: list[str] = []
    for block in layout.blocks:
        match block:
            case Paragraph():
                out.append(_marked(block.text))
                out += [_note(layout, index) for index in _noted(block.text)]
            case Head():
                left = (*block.superior, *block.issuer)
                out.append("\n".join([*left, *block.formula]))
                out.append("\n".join([*block.number, *block.date]))
            case Table():
                out.append("\n".join("\t".join(_cells(row.cells)) for row in block.rows))
                out += [_note(layout, index) for index in _noted_in(block)]
            case Signing():
                out += ["\n".join(block.recipients), "\n".join(block.offices), block.name or ""]
            case NewPage():
                continue
    return "\n\n".join(text for text in out if text) + "\n"


class _Pages:
    """Printed pages that fill up line by line, with room kept for the notes at the foot."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.pages: list[list[str]] = [[]]
        self.foot: list[str] = []

    def put(
        self, lines: Sequence[str], notes: Sequence[int] = (), *, together: bool = False
    ) -> None:
        if together and len(self.pages[-1]) + len(self.foot) + len(lines) > _LINES:
            self.turn()
        for line in lines:
            if len(self.pages[-1]) + len(self.foot) >= _LINES:
                self.turn()
            self.pages[-1].append(line)
        for index in notes:
            self.foot += _wrapped(_note(self.layout, index))

    def turn(self) -> None:
        if self.foot:
            self.pages[-1] += ["", *self.foot]
            self.foot = []
        self.pages.append([])

    def text(self) -> str:
        self.turn()
        printed = [page for page in self.pages if any(page)]
        return "\f".join(
            "\n".join([*([f"{number}", ""] if number > 1 else []), *page]) + "\n"
            for number, page in enumerate(printed, 1)
        )


def _wrapped(words: str) -> list[str]:
    return textwrap.wrap(words, _WRAP, break_on_hyphens=False)


def wrapped_text(layout: Layout) -> str:
    """Pages of hard-wrapped lines, form feeds between them, notes at the foot, page numbers.

    Table rows keep to one line with tabs.
    """
    pages = _Pages(layout)
    for block in layout.blocks:
        match block:
            case Paragraph():
                pages.put(_wrapped(_marked(block.text)), _noted(block.text))
            case Head():
                left = (*block.superior, *block.issuer)
                pages.put((*left, *block.formula, *block.number, *block.date))
            case Table():
                rows = ["\t".join(_cells(row.cells)) for row in block.rows]
                pages.put(rows, _noted_in(block))
            case Signing():
                lines = ["", *block.recipients, "", *block.offices, "", block.name or ""]
                pages.put(lines, together=True)
            case NewPage():
                pages.turn()
    return pages.text()


def markdown(layout: Layout) -> str:
    """Headings by ``#``, bold and italic marks, pipe tables; notes below their paragraph."""
    out: list[str] = []
    for block in layout.blocks:
        match block:
            case Paragraph():
                out.append(_markdown_line(block))
                out += [_note(layout, index) for index in _noted(block.text)]
            case Head():
                out += [f"**{words}**" for words in (*block.superior, *block.issuer)]
                out += [f"**{words}**" for words in block.formula]
                out += [*block.number, *(f"*{words}*" for words in block.date)]
            case Table():
                out.append("\n".join(_pipe_rows(block)))
                out += [_note(layout, index) for index in _noted_in(block)]
            case Signing():
                head, *items = block.recipients or ("",)
                out += [f"***{head}***" if head else "", "\n".join(items)]
                out += [f"**{words}**" for words in (*block.offices, block.name or "") if words]
            case NewPage():
                continue
    return "\n\n".join(text for text in out if text) + "\n"


def _markdown_line(block: Paragraph) -> str:
    words = _marked(block.text)
    if block.role == "heading":
        return f"{'#' * min(6, block.depth + 2)} **{words}**"
    if block.role == "kind":
        return f"# **{words}**"
    if block.role in ("title", "annex"):
        return f"**{words}**"
    return f"*{words}*" if block.role in ("issued", "basis") else words


def _pipe_rows(table: Table) -> Iterator[str]:
    for at, row in enumerate(table.rows):
        cells = [cell.replace("|", "\\|") for cell in _cells(row.cells)]
        if at < table.titles or row.group:
            cells = [f"**{cell}**" if cell else "" for cell in cells]
        yield "| " + " | ".join(cells) + " |"
        if at == max(0, table.titles - 1):
            yield "|" + "---|" * table.columns


def _marked(text: Text) -> str:
    return "".join(
        piece.text if piece.note is None else superscript(str(piece.note + 1)) for piece in text
    )


def _note(layout: Layout, index: int) -> str:
    return f"{superscript(str(index + 1))} {layout.notes[index].text}"


def _noted(text: Text) -> list[int]:
    return [piece.note for piece in text if piece.note is not None]


def _noted_in(table: Table) -> list[int]:
    return [
        note for row in table.rows for cell in row.cells for line in cell for note in _noted(line)
    ]


def _cells(cells: Sequence[Sequence[Text]]) -> list[str]:
    return [" ".join(_marked(line) for line in cell) for cell in cells]
