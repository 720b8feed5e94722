"""Word documents (.docx): what the file says once every change is accepted.

Read from the XML of the package itself: python-docx knows neither footnotes nor the numbers that
Word computes. Headers and footers, hidden and deleted text are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kh_nlp.errors import InputError
from kh_nlp.reading.extract import Extract, ExtractBuilder, Options
from kh_nlp.reading.files import File
from kh_nlp.reading.lines import Line
from kh_nlp.reading.tables import Cell, is_layout
from kh_nlp.reading.word.inline import ALTERNATE, GONE, Content, Gatherer, Notes, shown_form
from kh_nlp.reading.word.joining import laid_out, splits
from kh_nlp.reading.word.numbering import Numbering
from kh_nlp.reading.word.package import Package, W, number, switched, value
from kh_nlp.reading.word.styles import Style, Styles

_PARAGRAPH, _TABLE, _ROW, _CELL = W + "p", W + "tbl", W + "tr", W + "tc"
_HOLDERS = frozenset(
    W + name for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")
)
_MOST_COLUMNS = 500
_LITTLE = 200  # characters: with pictures beside it the text of a scan put into a Word file


def extract_docx(file: File, options: Options) -> Extract:
    """Paragraphs, tables and notes of a .docx file in reading order.

    Pages are those of the last time Word laid the file out, 1 where it did not note them. Raises
    InputError for a package that is broken, locked, unpacks to too much or holds no document.
    """
    return _Reader(Package(file)).read()


class _Reader:
    def __init__(self, package: Package) -> None:
        self.package = package
        self.builder = ExtractBuilder("docx", wrapped=False)
        self.styles = Styles(package.root("word/styles.xml"))
        self.numbering = Numbering(package.root("word/numbering.xml"))
        kinds = ("footnote", "endnote")
        notes = Notes({kind: package.root(f"word/{kind}s.xml") for kind in kinds})
        self.gatherer = Gatherer(self.styles, notes)
        self.pending: list[tuple[str, str]] = []
        self.page, self.shown, self.number = 1, 0, 0
        self.blank = self.fresh = True
        self.in_cell = 0
        self.pictures = self.characters = 0

    def read(self) -> Extract:
        root = self.package.root("word/document.xml")
        body = root.find(W + "body") if root is not None else None
        if body is None:
            raise InputError(f"{self.package.name}: không có nội dung văn bản Word.")
        self._body(body)
        self._tell_losses()
        return self.builder.extract()

    def _tell_losses(self) -> None:
        if self.pictures and self.characters < _LITTLE:
            self.builder.warn(
                f"Tệp Word có {self.pictures} hình và rất ít chữ: chữ trong hình không được đọc"
                " (hãy lưu thành PDF hoặc ảnh để nhận dạng chữ)."
            )
        if any(name.startswith("word/diagrams/data") for name in self.package.names()):
            self.builder.warn("Chữ trong sơ đồ (SmartArt) của tệp Word không được đọc.")

    def _body(self, element: Any) -> None:
        """Place paragraphs and tables, each followed by the notes whose marks stand in it."""
        for unit in self._units(element):
            if isinstance(unit, list):
                for line in self._paragraph(unit):
                    self.builder.add(line)
            else:
                self._table(unit)
            for mark, words in self.pending:
                self.builder.add(self._line(f"{mark} {words}", self.page))
            self.pending.clear()

    def _units(self, element: Any) -> Iterator[Any]:
        """Tables, and paragraphs as lists: those whose mark was deleted join the next one."""
        held: list[Any] = []
        for block in self._blocks(element):
            if block.tag == _PARAGRAPH:
                held.append(block)
                if _mark_is_gone(block):
                    continue
                yield held
                held = []
                continue
            if held:
                yield held
                held = []
            yield block
        if held:
            yield held

    def _blocks(self, element: Any) -> Iterator[Any]:
        for child in element:
            tag = child.tag
            if tag in (_PARAGRAPH, _TABLE):
                yield child
            elif tag in _HOLDERS:
                yield from self._blocks(child)
            elif tag == ALTERNATE:
                yield from self._blocks(shown_form(child))
            elif tag == W + "altChunk":
                self.builder.warn("Phần nhúng từ tệp khác trong tệp Word không được đọc.")

    # -- paragraphs

    def _paragraph(self, parts: list[Any]) -> list[Line]:
        """The lines of a paragraph, and of the text boxes hung on it, which come first."""
        self.number += len(parts)
        properties = parts[-1].find(W + "pPr")
        style = self.styles.paragraph(value(properties, "pStyle"))
        if style.contents:
            self.builder.warn("Mục lục do Word lập không được đọc: đề mục đã có trong văn bản.")
            return []
        if switched(properties, "pageBreakBefore") and not self.fresh:
            self._turn(1)
        content = Content(fresh=self.fresh)
        for part in parts:
            own = style if part is parts[-1] else self._style_of(part)
            self.gatherer.gather(part, own, content)
        self.pictures += content.pictures
        out = [line for box in content.boxes for line in self._flat(box)]
        if content.blank and (len(parts) > 1 or _hidden(properties)):
            return out
        self._put_label(self._label(properties, style), content)
        out += self._lines(content)
        self.pending += content.notes
        self._turn(content.stretches[-1].turns, content.fresh)
        section = properties.find(W + "sectPr") if properties is not None else None
        if section is not None and value(section, "type") not in ("continuous", "nextColumn"):
            self._turn(1)
        return out

    def _style_of(self, paragraph: Any) -> Style:
        return self.styles.paragraph(value(paragraph.find(W + "pPr"), "pStyle"))

    def _turn(self, pages: int, fresh: bool = True) -> None:
        self.page, self.fresh = self.page + pages, fresh

    def _label(self, properties: Any, style: Style) -> str:
        own = properties.find(W + "numPr") if properties is not None else None
        id, level = style.number, style.level
        if own is not None:
            id = value(own, "numId") or id
            told = value(own, "ilvl")
            level = number(told) if told is not None else (0 if value(own, "numId") else level)
        else:
            tied = self.numbering.level_of(id, style.lineage)
            level = level if tied is None else tied
        return self.numbering.label(id, level or 0)

    def _put_label(self, label: str, content: Content) -> None:
        """Put a number before the text; without text it is shown only as a cell's content."""
        if not label:
            return
        if content.blank:
            if self.in_cell and any(sign.isalnum() for sign in label):
                content.put(label, content.bold)
            return
        first = next(stretch for stretch in content.stretches if stretch.text.strip())
        first.text = label + first.text.lstrip()

    def _lines(self, content: Content) -> list[Line]:
        out: list[Line] = []
        above = ""
        for text, turns, joined in splits(content.stretches):
            line = self._line(text, self.page + turns, content.bold, not above, joined)
            if line is not None:
                out.append(line)
                above = line.text
        if not self.in_cell:
            self.blank = not above
        return out

    def _line(
        self, text: str, page: int, bold: bool = False, first: bool = False, joined: bool = False
    ) -> Line | None:
        line = self.builder.line(
            text,
            page=page,
            number=max(1, self.number),
            after_blank=self.blank and first,
            first_on_page=page != self.shown,
            in_cell=joined,
            strong=bold,
        )
        if line is not None:
            self.shown, self.fresh = page, False
            self.characters += len(line.text)
        return line

    # -- tables

    def _table(self, table: Any) -> None:
        rows = list(_rows(table))
        if all(len(list(_children(row, _CELL))) < 2 for row in rows):  # a frame around text
            for row in rows:
                for cell in _children(row, _CELL):
                    self._body(cell)
            return
        found = [self._row(row) for row in rows]
        covered = [_covered_columns(row) for row in rows]
        width = max(map(len, found), default=0)
        grid = [(*row, *[()] * (width - len(row))) for row in found]
        if is_layout(grid):
            for line in laid_out(grid):
                self.builder.add(line)
        else:
            self.builder.table(grid, covered)
        self.blank = True

    def _row(self, row: Any) -> list[Cell]:
        """Cells of a row; they stand side by side, so each begins on the page of the row."""
        cells: list[Cell] = [()] * _columns(value(row.find(W + "trPr"), "gridBefore"), 0)
        start, fresh, end = self.page, self.fresh, self.page
        self.in_cell += 1
        for cell in _children(row, _CELL):
            self.page, self.fresh = start, fresh
            properties = cell.find(W + "tcPr")
            lines = () if _covered(properties) else tuple(self._flat(cell))
            cells.append(lines)
            cells += [()] * (_columns(value(properties, "gridSpan"), 1) - 1)
            end = max(end, self.page)
        self.in_cell -= 1
        self.page = end
        return cells

    def _flat(self, element: Any) -> Iterator[Line]:
        """All lines of a cell or box; a table inside it gives its words, row after row."""
        for unit in self._units(element):
            if isinstance(unit, list):
                yield from self._paragraph(unit)
                continue
            for row in _rows(unit):
                for cell in self._row(row):
                    yield from cell


def _rows(table: Any) -> Iterator[Any]:
    """Rows that are still there."""
    for row in _children(table, _ROW):
        properties = row.find(W + "trPr")
        if properties is None or properties.find(W + "del") is None:
            yield row


def _children(element: Any, tag: str) -> Iterator[Any]:
    """Children with a tag, also those inside content controls and insertions."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in _HOLDERS:
            yield from _children(child, tag)


def _covered(properties: Any) -> bool:
    """Whether a cell is merged with the one above it, or was deleted."""
    if properties is None:
        return False
    return _merged_above(properties) or properties.find(W + "cellDel") is not None


def _merged_above(properties: Any) -> bool:
    merge = properties.find(W + "vMerge")
    return merge is not None and merge.get(W + "val", "continue") == "continue"


def _covered_columns(row: Any) -> frozenset[int]:
    """Columns of a row, from 0, whose cell is merged with the one above."""
    at = _columns(value(row.find(W + "trPr"), "gridBefore"), 0)
    found: set[int] = set()
    for cell in _children(row, _CELL):
        properties = cell.find(W + "tcPr")
        wide = _columns(value(properties, "gridSpan"), 1)
        if properties is not None and _merged_above(properties):
            found.update(range(at, at + wide))
        at += wide
    return frozenset(found)


def _columns(told: str | None, default: int) -> int:
    return min(max(number(told, default), default), _MOST_COLUMNS)


def _mark_is_gone(paragraph: Any) -> bool:
    """Whether the end of a paragraph was deleted or moved away, so that the next one joins it."""
    properties = paragraph.find(W + "pPr")
    mark = properties.find(W + "rPr") if properties is not None else None
    return mark is not None and any(mark.find(tag) is not None for tag in GONE)


def _hidden(properties: Any) -> bool:
    mark = properties.find(W + "rPr") if properties is not None else None
    return bool(switched(mark, "vanish"))
