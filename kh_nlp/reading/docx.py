"""Word documents (.docx): what the file says once every change is accepted.

Read from the XML of the package itself: python-docx knows neither footnotes nor the numbers that
Word computes. Headers and footers, hidden and deleted text are left out. Source of the element
names: ECMA-376, part 1.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kh_nlp.errors import InputError
from kh_nlp.reading.extract import Extract, ExtractBuilder, Options
from kh_nlp.reading.files import File
from kh_nlp.reading.lines import Line
from kh_nlp.reading.numbering import Numbering, read_numbering
from kh_nlp.reading.reflow import starts_paragraph
from kh_nlp.reading.tables import Cell, is_layout, unroll

MAX_UNPACKED = 256 * 1024 * 1024
"""Bytes of all parts together: a plan with pictures stays far below."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_DROPPED = {W + "del", W + "moveFrom", W + "instrText", W + "delText", W + "fldData"}
_SIGNS = {W + "tab": " ", W + "ptab": " ", W + "noBreakHyphen": "-"}
_BREAKS = {W + "br", W + "cr", W + "lastRenderedPageBreak"}
_PICTURES = {W + "drawing", W + "pict", W + "object"}
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_OFF = {"0", "false", "off", "none"}
_BULLET = "-"  # whatever sign a symbol font draws: fonts do not come with the text


@dataclass(slots=True)
class _Paragraph:
    """The lines of one paragraph as they are gathered; ``notes`` are the marks met in it."""

    lines: list[str] = field(default_factory=lambda: [""])
    bold: bool = True
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    breaks: int = 0

    def put(self, text: str, bold: bool) -> None:
        self.lines[-1] += text
        if text.strip():
            self.bold = self.bold and bold


def extract_docx(file: File, options: Options) -> Extract:
    """Paragraphs, tables and notes of a .docx file in reading order.

    Raises InputError for a package that is broken, unpacks to too much, or holds no document.
    """
    return _Reader(file).read()


class _Reader:
    def __init__(self, file: File) -> None:
        self.parts = _Parts(file)
        self.builder = ExtractBuilder("docx", wrapped=False)
        self.styles = _styles(self.parts.root("word/styles.xml"))
        self.numbering: Numbering = read_numbering(self.parts.root("word/numbering.xml"))
        self.notes = {
            kind: _notes(self.parts.root(f"word/{kind}s.xml"), kind)
            for kind in ("footnote", "endnote")
        }
        self.marks = 0
        self.page, self.number = 1, 0
        self.blank = self.fresh = True

    def read(self) -> Extract:
        root = self.parts.root("word/document.xml")
        body = root.find(W + "body") if root is not None else None
        if body is None:
            raise InputError(f"{self.parts.name}: không có nội dung văn bản Word.")
        pending: list[tuple[str, str]] = []
        for block in _blocks(body):
            if block.tag == W + "tbl":
                self._table(block, pending)
                self._place_notes(pending)
            else:
                for line in self._paragraph(block, pending):
                    self.builder.add(line)
                self._place_notes(pending)
        return self.builder.extract()

    def _place_notes(self, pending: list[tuple[str, str]]) -> None:
        for mark, text in pending:
            for index, part in enumerate(text.split("\n")):
                shown = f"{mark} {part}" if index == 0 else part
                self.builder.add(self._line(shown, False, after=False))
        pending.clear()

    def _line(self, text: str, bold: bool, after: bool, goes_on: bool = False) -> Line | None:
        line = self.builder.line(
            text,
            page=self.page,
            number=max(1, self.number),
            after_blank=after,
            first_on_page=self.fresh,
            in_cell=goes_on,
            strong=bold,
        )
        if line is not None:
            self.fresh = False
        return line

    def _paragraph(
        self, element: Any, pending: list[tuple[str, str]], *, in_cell: bool = False
    ) -> list[Line]:
        """The lines of a paragraph, and of the text boxes anchored in it, which come first.

        ``in_cell``: a cell may hold nothing but the number that Word computes.
        """
        self.number += 1
        properties = element.find(W + "pPr")
        style = self.styles.chain(_value(properties, "pStyle"))
        if _on(properties, "pageBreakBefore"):
            self._turn_page()
        found = _Paragraph()
        self._gather(element, found, style.bold, style.caps)
        out: list[Line] = []
        for box in found.boxes:
            for inner in _blocks(box):
                if inner.tag == W + "p":
                    out += self._paragraph(inner, pending)
                else:
                    rows = [tuple(self._row(row, pending)) for row in _rows(inner)]
                    out += [line for line in unroll(rows) if isinstance(line, Line)]
        label = self.numbering.label(*self._level(properties, style))
        if label and (in_cell or found.lines[0].strip() or len(found.lines) > 1):
            found.lines[0] = f"{label} {found.lines[0].lstrip()}"
        blank, seen = self.blank, False
        for text in found.lines:
            goes_on = seen and not starts_paragraph(text.strip())
            line = self._line(text, found.bold, blank and not seen, goes_on)
            if line is not None:
                out.append(line)
                seen = True
        self.blank = not seen
        pending += found.notes
        for _ in range(found.breaks):
            self._turn_page()
        return out

    def _level(self, properties: Any, style: _Style) -> tuple[str | None, int]:
        own = properties.find(W + "numPr") if properties is not None else None
        number, level = style.number, style.level
        if own is not None:
            number = _value(own, "numId") or number
            level = int(_value(own, "ilvl") or level)
        return (None if number in (None, "0") else number), level

    def _turn_page(self) -> None:
        self.page, self.fresh = self.page + 1, True

    def _gather(self, element: Any, found: _Paragraph, bold: bool, caps: bool) -> None:
        for child in element:
            tag = child.tag
            if tag in _DROPPED or not isinstance(tag, str):
                continue
            if tag == W + "r":
                self._run(child, found, bold, caps)
            elif tag == _ALTERNATE:
                self._alternate(child, found, bold, caps)
            elif tag not in (W + "pPr", W + "sdtPr"):
                self._gather(child, found, bold, caps)

    def _run(self, run: Any, found: _Paragraph, bold: bool, caps: bool) -> None:
        properties = run.find(W + "rPr")
        if _on(properties, "vanish"):
            return
        if properties is not None:
            style = self.styles.chain(_value(properties, "rStyle"))
            bold = _on(properties, "b", bold or style.bold)
            caps = _on(properties, "caps", caps or style.caps)
        raised = _value(properties, "vertAlign") == "superscript"
        for child in run:
            tag = child.tag
            if tag == W + "t":
                text = child.text or ""
                if raised and text.strip().isdigit():
                    text = text.translate(_RAISED)
                found.put(text.upper() if caps else text, bold)
            elif tag in _SIGNS:
                found.put(_SIGNS[tag], bold)
            elif tag == W + "sym":
                found.put(" " if found.lines[-1].strip() else _BULLET, bold)
            elif tag in _BREAKS:
                self._break(child, found)
            elif tag in (W + "footnoteReference", W + "endnoteReference"):
                self._mark(child, found, bold)
            elif tag == _ALTERNATE:
                self._alternate(child, found, bold, caps)
            elif tag in _PICTURES:
                found.boxes += child.iter(W + "txbxContent")

    def _break(self, element: Any, found: _Paragraph) -> None:
        """A break of the line or the page, or where Word last broke the page by itself."""
        if element.tag == W + "lastRenderedPageBreak":
            if len(found.lines) == 1 and not found.lines[0].strip():
                self._turn_page()
            else:
                found.breaks += 1
        elif element.get(W + "type") == "page":
            found.breaks += 1
        elif element.get(W + "type") != "column":
            found.lines.append("")

    def _alternate(self, element: Any, found: _Paragraph, bold: bool, caps: bool) -> None:
        """One of several forms of the same content: the first, which Word itself shows."""
        for form in element:
            if isinstance(form.tag, str):
                found.boxes += form.iter(W + "txbxContent")
                if not any(True for _ in form.iter(W + "txbxContent")):
                    self._gather(form, found, bold, caps)
                return

    def _mark(self, reference: Any, found: _Paragraph, bold: bool) -> None:
        kind = "footnote" if reference.tag == W + "footnoteReference" else "endnote"
        text = self._note_text(kind, reference.get(W + "id") or "")
        if not text:
            return
        self.marks += 1
        mark = str(self.marks).translate(_RAISED)
        found.put(mark, bold)
        found.notes.append((mark, text))

    def _note_text(self, kind: str, id: str) -> str:
        element = self.notes[kind].get(id)
        if element is None:
            return ""
        lines: list[str] = []
        for paragraph in element.iter(W + "p"):
            found = _Paragraph()
            self._gather(paragraph, found, False, False)
            lines += [" ".join(line.split()) for line in found.lines if line.strip()]
        return "\n".join(lines)

    def _table(self, element: Any, pending: list[tuple[str, str]]) -> None:
        rows = [self._row(row, pending) for row in _rows(element)]
        width = max((len(row) for row in rows), default=0)
        table = [(*row, *[()] * (width - len(row))) for row in rows]
        self.blank = True
        if is_layout(table):
            for line in unroll(table):
                self.builder.add(line if isinstance(line, Line) else None)
        elif width == 1:  # a frame around text is no table
            for row in table:
                for line in row[0]:
                    self.builder.add(line)
        else:
            self.builder.table(table)

    def _row(self, row: Any, pending: list[tuple[str, str]]) -> list[Cell]:
        cells: list[Cell] = [()] * int(_value(row.find(W + "trPr"), "gridBefore") or 0)
        for cell in _children(row, W + "tc"):
            properties = cell.find(W + "tcPr")
            merge = properties.find(W + "vMerge") if properties is not None else None
            below = merge is not None and merge.get(W + "val", "continue") == "continue"
            lines: list[Line] = [] if below else list(self._cell(cell, pending))
            cells.append(tuple(lines))
            cells += [()] * (int(_value(properties, "gridSpan") or 1) - 1)
        return cells

    def _cell(self, cell: Any, pending: list[tuple[str, str]]) -> Iterator[Line]:
        for block in _blocks(cell):
            if block.tag == W + "p":
                yield from self._paragraph(block, pending, in_cell=True)
            else:  # a table inside a cell: its words stay with the cell
                for row in _rows(block):
                    for inner in _children(row, W + "tc"):
                        yield from self._cell(inner, pending)


class _Parts:
    """The XML parts of a package; what they unpack to is bounded while it is read."""

    def __init__(self, file: File) -> None:
        self.name = file.path
        self.left = MAX_UNPACKED
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(file.data))
        except zipfile.BadZipFile:
            raise InputError(f"{file.path}: tệp Word hỏng hoặc bị cắt cụt.") from None

    def root(self, name: str) -> Any:
        """The root element of a part, ``None`` where the package has none of that name."""
        from lxml import etree

        if name not in self.archive.NameToInfo:
            return None
        try:
            with self.archive.open(name) as stream:
                data = stream.read(self.left + 1)
        except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError):
            raise InputError(f"{self.name}: tệp Word hỏng hoặc bị cắt cụt.") from None
        self.left -= len(data)
        if self.left < 0:
            raise InputError(
                f"{self.name}: tệp Word giải nén ra quá lớn (trên {MAX_UNPACKED // 2**20} MB)."
            )
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError:
            raise InputError(
                f"{self.name}: tệp Word hỏng (XML của {name} không đọc được)."
            ) from None


@dataclass(frozen=True, slots=True)
class _Style:
    bold: bool = False
    caps: bool = False
    number: str | None = None
    level: int = 0
    parent: str | None = None


class _Styles(dict[str, _Style]):
    def chain(self, name: str | None) -> _Style:
        """A style with what it inherits."""
        bold = caps = False
        number: str | None = None
        level, seen = 0, 0
        while name is not None and name in self and seen < 12:
            style = self[name]
            bold, caps = bold or style.bold, caps or style.caps
            if number is None and style.number is not None:
                number, level = style.number, style.level
            name, seen = style.parent, seen + 1
        return _Style(bold, caps, number, level)


def _styles(root: Any) -> _Styles:
    styles = _Styles()
    for element in root.iter(W + "style") if root is not None else ():
        paragraph, run = element.find(W + "pPr"), element.find(W + "rPr")
        numbers = paragraph.find(W + "numPr") if paragraph is not None else None
        styles[element.get(W + "styleId") or ""] = _Style(
            bold=_on(run, "b"),
            caps=_on(run, "caps"),
            number=_value(numbers, "numId"),
            level=int(_value(numbers, "ilvl") or 0),
            parent=_value(element, "basedOn"),
        )
    return styles


def _notes(root: Any, kind: str) -> dict[str, Any]:
    """Notes by id; separators between text and notes are none."""
    found = root.iter(W + kind) if root is not None else ()
    return {
        note.get(W + "id") or "": note
        for note in found
        if note.get(W + "type", "normal") == "normal"
    }


def _blocks(element: Any) -> Iterator[Any]:
    """Paragraphs and tables, also those inside content controls and insertions."""
    for child in element:
        if child.tag in (W + "p", W + "tbl"):
            yield child
        elif child.tag not in _DROPPED and isinstance(child.tag, str):
            yield from _blocks(child)


def _rows(table: Any) -> Iterator[Any]:
    for row in _children(table, W + "tr"):
        properties = row.find(W + "trPr")
        if properties is None or properties.find(W + "del") is None:
            yield row


def _children(element: Any, tag: str) -> Iterator[Any]:
    """Children with a tag, also those inside content controls."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "ins", W + "customXml"):
            yield from _children(child, tag)


def _value(properties: Any, name: str) -> str | None:
    element = properties.find(W + name) if properties is not None else None
    value: str | None = element.get(W + "val") if element is not None else None
    return value


def _on(properties: Any, name: str, inherited: bool = False) -> bool:
    element = properties.find(W + name) if properties is not None else None
    if element is None:
        return inherited
    return (element.get(W + "val") or "true").lower() not in _OFF
