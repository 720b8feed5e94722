"""Saved web pages: Word's "save as web page", and pages of law sites with a plan among menus.

Only the part of the page that holds the plan is read: the smallest element with nearly all of its
running text. What links say counts as menu, not as text.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kh_nlp.errors import InputError
from kh_nlp.reading.decoding import eight_bit, is_legacy
from kh_nlp.reading.extract import Extract, ExtractBuilder, Options
from kh_nlp.reading.files import File
from kh_nlp.reading.lines import Line
from kh_nlp.reading.reflow import starts_paragraph
from kh_nlp.reading.tables import Cell, is_layout, unroll
from kh_nlp.reading.word.numbering import formatted

MOST = 0.9
"""Share of a page's running text that the element with the plan must hold."""

MOST_SPAN = 100
"""Rows that one cell, and columns that all cells of a row together, are believed to cover; a plan's
table has some ten columns. Cells beyond are kept, each in a column of its own."""

_TYPES = {"I": "upperRoman", "i": "lowerRoman", "A": "upperLetter", "a": "lowerLetter"}

_DROPPED = frozenset((
    "script", "style", "noscript", "head", "nav", "aside", "form", "iframe", "select", "button",
    "template", "svg", "object",
))  # fmt: skip
_FURNITURE = frozenset(("header", "footer"))  # of a site; the plan's own head is text
_BLOCKS = frozenset((
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "table", "tr", "td", "th",
    "blockquote", "section", "article", "main", "pre", "center", "dl", "dt", "dd", "hr", "address",
    "figure", "body", "header", "footer",
))  # fmt: skip
_BOLD = frozenset(("b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th"))
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_HEAVY = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_LIGHT = re.compile(r"font-weight\s*:\s*(?:normal|[1-5]00)", re.IGNORECASE)
_PAGE = re.compile(r"page-break-before\s*:\s*always|break-before\s*:\s*page", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f\u00a0]+")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_FORMULA = re.compile(r"cộng\s+h[oò][aà]\s+xã\s+hội|nơi\s+nhận|\bsố\s*:\s*\S*/", re.IGNORECASE)
_NOTE = re.compile(r"mso-element\s*:\s*(?:footnote|endnote)", re.IGNORECASE)
_SENTENCE = 6  # words of a paragraph from which it is running text


def extract_html(file: File, options: Options) -> Extract:
    """Paragraphs, tables and notes of a saved web page in reading order.

    Raises InputError for a page without text.
    """
    from lxml import html

    source = _decoded(file.data)
    if not source.strip():
        raise InputError(f"{file.path}: tệp rỗng.")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    root = html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    body = root.find("body")
    body = root if body is None else body
    _prune(body)
    content = _content(body)
    reader = _Reader()
    reader.block(content)
    left = len(" ".join(body.text_content().split())) - len(
        " ".join(content.text_content().split())
    )
    if left > 200:
        reader.builder.warn(
            f"Trang web có {left} ký tự ngoài phần văn bản (trình đơn, chân trang…), đã bỏ qua."
        )
    return reader.builder.extract()


def _decoded(data: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    told = _CHARSET.search(data[:4096])
    for name in ("utf-8", *([told[1].decode("ascii")] if told else ())):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    plain = eight_bit(data)
    return plain if is_legacy(plain) else data.decode("cp1258", "replace")


def _prune(body: Any) -> None:
    """Drop what no reader of the page sees, or what is no part of any text."""
    for element in list(body.iter()):
        if not isinstance(element.tag, str):
            continue
        hidden = _HIDDEN.search(element.get("style") or "") or element.get("hidden") is not None
        furniture = element.tag in _FURNITURE and not _FORMULA.search(element.text_content())
        if (element.tag in _DROPPED or hidden or furniture) and element.getparent() is not None:
            element.drop_tree()


def _content(body: Any) -> Any:
    """The smallest element that holds nearly all running text and all formulas of the genre."""
    weights: dict[Any, int] = {}
    formulas: dict[Any, int] = {}

    def weigh(element: Any) -> tuple[int, int]:
        own = element.text or ""
        weight = formula = 0
        parts = [own]
        for child in element:
            if isinstance(child.tag, str):
                if child.tag in _BLOCKS:
                    inner = weigh(child)
                    weight, formula = weight + inner[0], formula + inner[1]
                elif child.tag != "a":
                    if any(x.tag in _BLOCKS for x in child.iter() if isinstance(x.tag, str)):
                        inner = weigh(child)
                        weight, formula = weight + inner[0], formula + inner[1]
                    else:
                        parts.append(child.text_content())
            parts.append(child.tail or "")
        words = len(" ".join(parts).split())
        weight += words if words >= _SENTENCE else 0
        formula += len(_FORMULA.findall(" ".join(parts)))
        formula += bool(_NOTE.search(element.get("style") or ""))
        weights[element], formulas[element] = weight, formula
        return weight, formula

    weigh(body)
    chosen = body
    while True:
        inner = [child for child in chosen if child in weights]
        best = max(inner, key=lambda child: weights[child], default=None)
        if (
            best is None
            or best.tag in ("p", "table", "tbody", "tr", "ul", "ol", "li")
            or weights[best] < MOST * weights[body]
            or formulas[best] < formulas[body]
        ):
            return chosen
        chosen = best


@dataclass(slots=True)
class _Text:
    """Inline text of one block: its lines, and whether all of it is bold."""

    lines: list[str] = field(default_factory=lambda: [""])
    bold: bool = True

    def put(self, text: str, bold: bool) -> None:
        text = _SPACE.sub(" ", text)
        self.lines[-1] += text
        if text.strip():
            self.bold = self.bold and bold


class _Reader:
    def __init__(self) -> None:
        self.builder = ExtractBuilder("html", wrapped=False)
        self.page, self.number = 1, 0
        self.blank = self.fresh = True

    def block(self, element: Any, bold: bool = False) -> None:
        """Place the lines of an element and all below it."""
        for item in self._lines(element, bold):
            if isinstance(item, Line):
                self.builder.add(item)
            else:
                self._table(item)

    def _lines(self, element: Any, bold: bool) -> Iterator[Line | Any]:
        """Lines in reading order; a table comes as the element itself."""
        style = element.get("style") or ""
        if _PAGE.search(style):
            self.page, self.fresh = self.page + 1, True
        bold = _bold(element, bold)
        text = _Text()
        if element.tag == "li":
            text.put(_label(element) + " ", bold)
        text.put(element.text or "", bold)
        for child in element:
            if isinstance(child.tag, str):
                yield from self._child(child, text, bold)
            text.put(child.tail or "", bold)
        yield from self._flush(text)

    def _child(self, child: Any, text: _Text, bold: bool) -> Iterator[Line | Any]:
        if child.tag == "table":
            yield from self._flush(text)
            yield child
        elif child.tag in _BLOCKS:
            yield from self._flush(text)
            yield from self._lines(child, bold)
        elif child.tag == "br":
            if _PAGE.search(child.get("style") or ""):
                yield from self._flush(text)
                self.page, self.fresh = self.page + 1, True
            else:
                text.lines.append("")
        elif child.tag == "sup" and (child.text_content() or "").strip().isdigit():
            text.put(child.text_content().strip().translate(_RAISED), bold)
        elif child.tag != "img":
            inner = _bold(child, bold)
            text.put(child.text or "", inner)
            for deeper in child:
                if isinstance(deeper.tag, str):
                    yield from self._child(deeper, text, inner)
                text.put(deeper.tail or "", inner)

    def _flush(self, text: _Text) -> Iterator[Line]:
        """The lines gathered so far; the text starts anew."""
        self.number += 1
        seen = False
        for words in text.lines:
            goes_on = seen and not starts_paragraph(words.strip())
            line = self.builder.line(
                words,
                page=self.page,
                number=self.number,
                after_blank=self.blank and not seen,
                first_on_page=self.fresh,
                in_cell=goes_on,
                strong=text.bold,
            )
            if line is not None:
                seen, self.fresh = True, False
                yield line
        self.blank = not seen if text.lines != [""] else self.blank
        text.lines, text.bold = [""], True

    def _table(self, table: Any) -> None:
        rows = list(_rows(table))
        if _frames(table, rows):
            for row in rows:
                for cell in _cells(row):
                    self.block(cell)
            return
        grid, covered = self._grid(rows)
        self.blank = True
        if is_layout(grid) or max(map(len, grid), default=0) < 2:
            for item in unroll(grid):
                self.builder.add(item if isinstance(item, Line) else None)
        else:
            self.builder.table(grid, covered)
        self.blank = True

    def _grid(self, rows: list[Any]) -> tuple[list[tuple[Cell, ...]], list[frozenset[int]]]:
        """Cells by row and column, and the columns of each row that a cell above reaches into;
        what a merged cell covers is empty.
        """
        left: dict[int, int] = {}  # by column: how many more rows a cell above reaches into
        grid: list[list[Cell]] = []
        covered: list[frozenset[int]] = []
        for row in rows:
            covered.append(frozenset(column for column, rest in left.items() if rest))
            line: list[Cell] = []
            below: dict[int, int] = {}
            for cell in _cells(row):
                while len(line) < MOST_SPAN and left.get(len(line)):
                    line.append(())
                high, wide = _span(cell, "rowspan"), _span(cell, "colspan")
                wide = min(wide, max(MOST_SPAN - len(line), 1))
                if high > 1:
                    below.update((len(line) + dx, high) for dx in range(wide))
                line.append(tuple(self._flat(cell)))
                line += [()] * (wide - 1)
            left = {x: rows - 1 for x, rows in (left | below).items() if rows > 1}
            grid.append(line)
        width = max(map(len, grid), default=0)
        return [(*line, *[()] * (width - len(line))) for line in grid], covered

    def _flat(self, cell: Any) -> Iterator[Line]:
        for item in self._lines(cell, cell.tag == "th"):
            if isinstance(item, Line):
                yield item
            else:  # a table inside a cell: its words stay with the cell
                for row in _rows(item):
                    for inner in _cells(row):
                        yield from self._flat(inner)


def _label(item: Any) -> str:
    """What a browser prints before an ``<li>``: its number with a point, or a bullet."""
    holder = item.getparent()
    if holder is None or holder.tag != "ol":
        return "-"
    start = holder.get("start") or "1"
    value = int(start) if start.lstrip("-").isdigit() else 1
    for sibling in holder:
        if sibling.tag != "li":
            continue
        told = sibling.get("value") or ""
        value = int(told) if told.isdigit() else value
        if sibling is item:
            break
        value += 1
    return formatted(value, _TYPES.get(holder.get("type") or "", "")) + "."


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from _rows(child)
        elif child.tag == "caption":
            continue


def _cells(row: Any) -> list[Any]:
    return [child for child in row if child.tag in ("td", "th")]


def _frames(table: Any, rows: list[Any]) -> bool:
    """Whether a table only lays out a page: it holds tables, or one cell holds all its text."""
    if any(True for inner in table.iter("table") if inner is not table):
        return True
    words = [len(cell.text_content().split()) for row in rows for cell in _cells(row)]
    return bool(words) and max(words) > 300 and max(words) > MOST * sum(words)


def _span(cell: Any, name: str) -> int:
    told = cell.get(name) or "1"
    return min(max(int(told), 1), MOST_SPAN) if told.isdigit() else 1


def _bold(element: Any, inherited: bool) -> bool:
    style = element.get("style") or ""
    if _LIGHT.search(style):
        return False
    return inherited or element.tag in _BOLD or bool(_HEAVY.search(style))
