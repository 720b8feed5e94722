"""Saved web pages: Word's "save as web page", and pages of law sites with a plan among menus.

Only the part of a page that holds the plan is read: ``web_page.content_of`` says which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kh_nlp.errors import InputError
from kh_nlp.reading.extract import Extract, ExtractBuilder, Options
from kh_nlp.reading.files import File
from kh_nlp.reading.lines import Line
from kh_nlp.reading.reflow import starts_paragraph
from kh_nlp.reading.tables import Cell, is_layout
from kh_nlp.reading.web_page import (
    BLOCKS,
    DEEPEST,
    MOST,
    content_of,
    decoded,
    hiding_rules,
    prune,
    take_notes,
    too_deep,
    words_of,
)
from kh_nlp.reading.word.inline import RAISED, Stretch
from kh_nlp.reading.word.joining import laid_out, splits
from kh_nlp.reading.word.numbering import formatted

MAX_PAGE = 64 * 1024 * 1024
"""Bytes of one page; a plan saved by Word takes 0.3 MB."""

_BOLD = frozenset(("b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th"))
_HEAVY = re.compile(r"(?<![\w-])font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_LIGHT = re.compile(r"(?<![\w-])font-weight\s*:\s*(?:normal|lighter|[1-5]00)", re.IGNORECASE)
_UPPER = re.compile(r"text-transform\s*:\s*uppercase", re.IGNORECASE)
_PAGE = re.compile(r"(?<![\w])(?:page-)?break-before\s*:\s*(?:always|page)", re.IGNORECASE)
_LABEL = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f\u00a0]+")
_TOLD = 200  # characters: what is left out beyond it is told
_MOST_COLUMNS = 200
_SIGNS = {"·": "•", "§": "▪", "ü": "✓", "Ø": "•", "v": "•", "q": "○", "o": "○", "à": "→"}
_TYPES = {
    "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
    "lower-alpha": "lowerLetter", "lower-latin": "lowerLetter", "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter", "lower-roman": "lowerRoman", "upper-roman": "upperRoman",
}  # fmt: skip


def extract_html(file: File, options: Options) -> Extract:
    """Paragraphs, tables and notes of a saved web page in reading order.

    Pages are those that the page breaks for printing tell. Raises InputError for a page that is
    empty, too large or nested too deep.
    """
    from lxml import html

    if len(file.data) > MAX_PAGE:
        raise InputError(f"{file.path}: tệp quá lớn (trên {MAX_PAGE // 2**20} MB).")
    source = decoded(file.data).replace("\0", "")
    if not source.strip():
        raise InputError(f"{file.path}: tệp rỗng.")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (ValueError, html.etree.ParserError):
        raise InputError(f"{file.path}: trang web không có chữ.") from None
    body = root.find("body")
    body = root if body is None else body
    if too_deep(body):
        raise InputError(f"{file.path}: trang web lồng quá {DEEPEST} lớp, không đọc.")
    before = len(words_of(body))
    notes = take_notes(body)
    prune(body, hiding_rules(root))
    content = content_of(body)
    reader = _Reader(notes)
    reader.block(content)
    reader.place_notes()
    read = sum(len(words) for words in notes.values()) + len(words_of(content))
    if before - read > _TOLD:
        reader.builder.warn(
            f"Trang web có {before - read} ký tự ngoài phần văn bản (trình đơn, chân trang…), đã bỏ"
            " qua."
        )
    return reader.builder.extract()


@dataclass(slots=True)
class _Text:
    """Inline text of one block; ``label`` is the number of a list item still to be printed."""

    stretches: list[Stretch] = field(default_factory=lambda: [Stretch()])
    bold: bool = True
    label: str = ""

    def put(self, text: str, bold: bool) -> None:
        self.stretches[-1].text += _SPACE.sub(" ", text)
        if text.strip():
            self.bold = self.bold and bold

    def break_line(self) -> None:
        self.stretches.append(Stretch("", "line"))


class _Reader:
    def __init__(self, notes: dict[str, str]) -> None:
        self.builder = ExtractBuilder("html", wrapped=False)
        self.notes = dict(notes)
        self.marks: list[str] = []
        self.page, self.number, self.shown = 1, 0, 0
        self.blank = True

    def block(self, element: Any) -> None:
        """Place the lines of an element and all below it; notes follow what bears their mark."""
        for item in self._items(element, _Text(), False):
            if isinstance(item, Line):
                self.builder.add(item)
            else:
                self._table(item)
            if self.marks:
                self.place_notes(met=True)

    def place_notes(self, met: bool = False) -> None:
        """Place the notes whose marks were met, at the end all that are left."""
        for mark in self.marks if met else list(self.notes):
            words = self.notes.pop(mark, "")
            if words:
                self.builder.add(self._line(f"{mark} {words}", False))
        self.marks.clear()

    def _line(
        self, text: str, bold: bool, first: bool = False, joined: bool = False
    ) -> Line | None:
        line = self.builder.line(
            text,
            page=self.page,
            number=max(1, self.number),
            after_blank=first and self.blank,
            first_on_page=self.page != self.shown,
            in_cell=joined,
            strong=bold,
        )
        if line is not None:
            self.shown = self.page
        return line

    def _items(self, element: Any, text: _Text, bold: bool) -> Iterator[Any]:
        """Lines in reading order; a table comes as the element itself."""
        if _PAGE.search(element.get("style") or ""):
            self._turn()
        bold = _bold(element, bold)
        if element.tag == "li":
            text.label = _list_label(element)
        yield from self._inline(element, text, bold)
        yield from self._flush(text)

    def _inline(self, element: Any, text: _Text, bold: bool) -> Iterator[Any]:
        upper = bool(_UPPER.search(element.get("style") or ""))
        self._put(element.text, text, bold, upper, element.tag == "pre")
        for child in element:
            if isinstance(child.tag, str):
                yield from self._child(child, text, bold)
            self._put(child.tail, text, bold, upper, element.tag == "pre")

    def _put(self, words: str | None, text: _Text, bold: bool, upper: bool, lines: bool) -> None:
        for index, part in enumerate((words or "").split("\n") if lines else [words or ""]):
            if index:
                text.break_line()
            text.put(part.upper() if upper else part, bold)

    def _child(self, child: Any, text: _Text, bold: bool) -> Iterator[Any]:
        tag = child.tag
        if tag in BLOCKS:
            yield from self._flush(text)
            if tag == "table":
                yield child
            else:
                label, text.label = text.label, ""
                yield from self._items(child, _Text(label=label), bold)
        elif tag == "br":
            if _PAGE.search(child.get("style") or ""):
                yield from self._flush(text)
                self._turn()
            else:
                text.break_line()
        elif tag in ("sup", "a") and (mark := _mark(child, self.notes)):
            text.put(mark, bold)
            if mark in self.notes:
                self.marks.append(mark)
        elif _LABEL.search(child.get("style") or ""):
            label = child.text_content().strip()
            text.put(f"{_SIGNS.get(label, label)} ", _bold(child, bold))
        else:
            yield from self._inline(child, text, _bold(child, bold))

    def _turn(self) -> None:
        self.page += 1

    def _flush(self, text: _Text) -> Iterator[Line]:
        """The lines gathered so far; the text starts anew. A label waits for words."""
        self.number += 1
        above = ""
        for words, _, joined in splits(text.stretches):
            if text.label:
                own = starts_paragraph(words.strip()) and not text.label[0].isalnum()
                words = words if own else f"{text.label} {words.lstrip()}"
                text.label = ""
            line = self._line(words, text.bold, not above, joined)
            if line is not None:
                above = line.text
                yield line
        if above or any(stretch.text for stretch in text.stretches):
            self.blank = not above
        text.stretches, text.bold = [Stretch()], True

    # -- tables

    def _table(self, table: Any) -> None:
        rows = list(_rows(table))
        for caption in table.iterchildren("caption"):
            self.block(caption)
        if _frames(table, rows):
            for row in rows:
                for cell in _cells(row):
                    self.block(cell)
            return
        grid = self._grid(rows)
        if is_layout(grid):
            for line in laid_out(grid):
                self.builder.add(line)
        else:
            self.builder.table(grid)
        self.blank = True

    def _grid(self, rows: list[Any]) -> list[tuple[Cell, ...]]:
        """Cells by row and column; what a merged cell covers is empty."""
        below: dict[int, int] = {}  # column → rows still covered from above
        grid: list[list[Cell]] = []
        for row in rows:
            line: list[Cell] = []
            fresh: dict[int, int] = {}
            for cell in _cells(row):
                while len(line) < _MOST_COLUMNS and below.get(len(line), 0):
                    line.append(())
                wide = max(1, min(_span(cell, "colspan"), _MOST_COLUMNS - len(line)))
                high = _span(cell, "rowspan")
                fresh.update((len(line) + k, high - 1) for k in range(wide))
                line.append(tuple(self._flat(cell)))
                line += [()] * (wide - 1)
            below = {column: left - 1 for column, left in below.items() if left > 1}
            below.update((column, left) for column, left in fresh.items() if left)
            grid.append(line)
        width = max(map(len, grid), default=0)
        return [(*line, *[()] * (width - len(line))) for line in grid]

    def _flat(self, cell: Any) -> Iterator[Line]:
        """All lines of a cell; a table inside it gives its words, row after row."""
        for item in self._items(cell, _Text(), False):
            if isinstance(item, Line):
                yield item
            else:
                for row in _rows(item):
                    for inner in _cells(row):
                        yield from self._flat(inner)


def _mark(element: Any, notes: dict[str, str]) -> str:
    """The mark that a raised number or a link to a note stands for, empty for other text."""
    words = "".join(element.text_content().split())
    if words in notes or (element.tag == "sup" and words.strip("⁰¹²³⁴⁵⁶⁷⁸⁹") == ""):
        return words
    if element.tag == "sup" and words.isdecimal() and len(words) < 4:
        return words.translate(RAISED)
    return ""


def _list_label(item: Any) -> str:
    """What a browser prints before an ``<li>``: its number with a point, or a bullet."""
    holder = item.getparent()
    style = (holder.get("style") or "") if holder is not None else ""
    if re.search(r"list-style[\w-]*\s*:[^;]*\bnone\b", style + ";" + (item.get("style") or "")):
        return ""
    if holder is None or holder.tag != "ol":
        return "-"
    start = holder.get("start") or "1"
    count = int(start) if re.fullmatch(r"-?\d{1,6}", start) else 1
    for sibling in holder.iterchildren("li"):
        told = sibling.get("value") or ""
        count = int(told) if re.fullmatch(r"\d{1,6}", told) else count
        if sibling is item:
            break
        count += 1
    kind = re.search(r"list-style[\w-]*\s*:\s*([\w-]+)", style)
    return formatted(count, _TYPES.get(kind[1] if kind else holder.get("type") or "1", "")) + "."


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from _rows(child)


def _cells(row: Any) -> list[Any]:
    return [child for child in row if child.tag in ("td", "th")]


def _frames(table: Any, rows: list[Any]) -> bool:
    """Whether a table only lays out a page: single cells, mostly other tables, or one cell with
    nearly all its text.
    """
    cells = [cell for row in rows for cell in _cells(row)]
    if all(len(_cells(row)) < 2 for row in rows):
        return True
    words = [len(cell.text_content().split()) for cell in cells]
    nested = [inner for cell in cells for inner in cell.iter("table")]
    inside = max((len(inner.text_content().split()) for inner in nested), default=0)
    if inside > 0.3 * sum(words) and len(rows) < 6:
        return True
    return max(words, default=0) > 300 and max(words) > MOST * sum(words)


def _span(cell: Any, name: str) -> int:
    told = cell.get(name) or "1"
    if name == "rowspan" and told == "0":
        return 10_000
    return min(max(int(told), 1), 500) if re.fullmatch(r"\d{1,6}", told) else 1


def _bold(element: Any, inherited: bool) -> bool:
    style = element.get("style") or ""
    if _LIGHT.search(style):
        return False
    return inherited or element.tag in _BOLD or bool(_HEAVY.search(style))
