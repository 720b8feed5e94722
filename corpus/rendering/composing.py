"""A sample file to its layout, by the project's own reader and parser.

Words are those of the file. One thing is added: a head of a state body that lost its formula
("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM …") gets it back, since no office sends a plan without it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from kh_nlp.model import Plan
from kh_nlp.parsing import parse
from kh_nlp.parsing.parts import KIND_LINE, Part, find_parts
from kh_nlp.parsing.sections import Body, Node, build
from kh_nlp.reading import Reading, read_file
from kh_nlp.reading.columns import meaning

from .heading import compose_head, compose_signing, is_recipients
from .layout import Block, Label, Layout, NewPage, Paragraph, Row, Table, Text
from .marks import Marks

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ISSUED = re.compile(r"^[(\[]?\s*(?:đính\s+)?(?:ban hành\s+)?k[eè]m\s+theo", re.IGNORECASE)
_ISSUED_INSIDE = re.compile(r"\s+(?=\((?:Ban hành )?[Kk]èm theo)")
_ANNEX = re.compile(r"^(?:PHỤ LỤC|Phụ lục|PHỤ BIỂU|BIỂU SỐ|Biểu số|MẪU SỐ|Mẫu số)\b.{0,8}$")
_LIST_IN_CELL = re.compile(r"(?<=[;:.])\s+(?=[-+]\s)")
_GROUP_LABEL = re.compile(r"^(?:[IVXL]+|[A-HĐ])\s*[.)]?$")
_SIGNATURE = re.compile(r"^(?:T/?M|KT|TL|TUQ|Q)\s?\.\s*[A-ZĐ]")
_WIDE = 7  # columns from which an annex is laid across the page


def compose(path: Path) -> Layout:
    """The layout of the plan in a file. Raises InputError when it cannot be read."""
    reading = read_file(path)
    return _Composer(path.stem, reading, parse(reading, allow_secret=True)).layout()


class _Composer:
    def __init__(self, name: str, reading: Reading, plan: Plan) -> None:
        self.name, self.plan = name, plan
        self.text, self.lines = reading.text, reading.lines
        self.parts = find_parts(self.text, self.lines)
        self.body: Body = build(self.text, self.lines, self.parts)
        self.marks = Marks(self.text, self.lines)
        self.lists: dict[tuple[int, str], int] = {}
        self.blocks: list[Block] = []
        breaks = [(run.start, run.line, run.page) for run in reading.runs]
        self.starts = [here[0] for before, here in pairwise(breaks) if here[1:] != before[1:]]

    def layout(self) -> Layout:
        for part in self.parts:
            if part is not self.parts[0]:
                self.blocks.append(NewPage(self._is_wide(part)))
            named = self._named(part)
            if part.kind != "annex" and named > part.start:
                lines = [self._printed(index) for index in range(part.start, named)]
                self.blocks += compose_head(lines)
            self._titles(named, part)
            self._body(part)
            if part.kind == "annex":
                self._run_of(range(part.closing, part.end))
            else:
                self._closing(part)
        self._unmarked()
        title = self.plan.header.title or self.name
        kind = self.plan.header.kind or "Kế hoạch"
        return Layout(self.name, f"{kind} {title}", tuple(self.blocks), self.marks.notes())

    def _unmarked(self) -> None:
        """Notes whose mark the file lost are marked at the last paragraph: no word goes missing."""
        for at in range(len(self.blocks) - 1, -1, -1):
            block = self.blocks[at]
            if isinstance(block, Paragraph):
                self.blocks[at] = replace(block, text=(*block.text, *self.marks.leftover()))
                return

    def _words(self, index: int) -> str:
        line = self.lines[index]
        return _ILLEGAL.sub("", self.text[line.start : line.end])

    def _printed(self, index: int) -> list[str]:
        """A paragraph of the head or the closing as the lines that the file has for it."""
        line = self.lines[index]
        first = bisect_left(self.starts, line.start + 1)
        last = bisect_left(self.starts, line.end)
        at = [line.start, *self.starts[first:last], line.end]
        pieces = (_ILLEGAL.sub("", self.text[a:b]).strip() for a, b in pairwise(at))
        return [piece for piece in pieces if piece]

    def _named(self, part: Part) -> int:
        """First line of the title."""
        for index in range(part.start, part.body):
            if KIND_LINE.match(self._words(index)):
                return index
        return part.start

    def _is_wide(self, part: Part) -> bool:
        rows = [line for line in self.lines[part.start : part.end] if line.kind == "row"]
        return part.kind == "annex" and any(len(line.cells) >= _WIDE for line in rows)

    def _titles(self, first: int, part: Part) -> None:
        for index in range(first, part.body):
            words = self._words(index)
            if self.lines[index].kind == "note":
                continue
            kind = KIND_LINE.match(words) if part.kind != "annex" else None
            if kind and index == first:
                self._add(kind.group().strip(" :"), "kind")
                words = words[kind.end() :].strip()
            titles, *issued = _ISSUED_INSIDE.split(words, maxsplit=1)
            if _ISSUED.match(titles):
                self._add(titles, "issued")
            elif titles:
                first_of_annex = part.kind == "annex" and index == first and _ANNEX.match(titles)
                self._add(titles, "annex" if first_of_annex else "title")
            for text in issued:
                self._add(text, "issued")

    def _add(self, words: str, role: str) -> None:
        self.blocks.append(Paragraph(self.marks.pieces(words), role))  # type: ignore[arg-type]

    def _body(self, part: Part) -> None:
        self._run_of(range(part.body, part.closing))

    def _run_of(self, indexes: range) -> None:
        """Paragraphs and tables; headings that go over several lines are put together."""
        skip = -1
        for index in indexes:
            line = self.lines[index]
            if index < skip or line.kind == "note":
                continue
            if line.kind == "row":
                skip = self._table(index, indexes.stop)
                continue
            node = self.body.units.get(index)
            if node is not None and node.unit is not None:
                skip = self._unit(index, node, indexes.stop)
            elif line.continues and self._goes_on(self._words(index)):
                continue
            else:
                words = self._words(index)
                basis = words.startswith(("Căn cứ ", "Xét ", "Theo đề nghị")) and not node
                before_units = not any(at <= index for at in self.body.units)
                self._add(words, "basis" if basis and before_units else self._role(words))

    @staticmethod
    def _role(words: str) -> str:
        if _ISSUED.match(words):
            return "issued"
        return "kind" if KIND_LINE.match(words) and words.endswith(":") else "text"

    def _goes_on(self, words: str) -> bool:
        """A sentence that a footnote broke is put together again."""
        for at in range(len(self.blocks) - 1, -1, -1):
            block = self.blocks[at]
            if isinstance(block, Paragraph):
                text = (*block.text, *self.marks.pieces(" " + words))
                self.blocks[at] = replace(block, text=text)
                return True
        return False

    def _unit(self, index: int, node: Node, stop: int) -> int:
        """The first line of a unit, its heading whole; the index after it."""
        assert node.unit is not None
        label = node.unit.label
        words = self._words(index)
        printed, rest = words[: label.end].strip(), words[label.end :].strip()
        after = index + 1
        heading = node.heading or ""
        while after < stop and self.lines[after].kind == "text" and after not in self.body.units:
            more = f"{rest} {self._words(after)}".strip()
            if not heading.startswith(more.rstrip(" .:")):
                break
            rest = more
            after += 1
        depth = 0
        holder = node.unit.parent
        while holder is not None:
            depth, holder = depth + 1, holder.parent
        parent = node.unit.parent
        key = (id(parent) if parent else -id(node.part), label.style)
        own = self.lists.setdefault(key, len(self.lists) + 1)
        above = 0
        if parent is not None:
            grand = parent.parent
            holder_key = (id(grand) if grand else -id(node.part), parent.label.style)
            above = self.lists.get(holder_key, 0)
        shown = Label(label.style, label.ordinal, printed, own, above, label.prefix)
        text = self.marks.pieces(f"{printed} {rest}".strip())
        self.blocks.append(Paragraph(text, "heading" if node.heading else "text", depth, shown))
        return after

    def _table(self, index: int, stop: int) -> int:
        end = index
        while end < stop and self.lines[end].kind == "row":
            if self.lines[end].table != self.lines[index].table:
                break
            end += 1
        raw = [
            [_ILLEGAL.sub("", self.text[a:b]).strip() for a, b in self.lines[at].cells]
            for at in range(index, end)
        ]
        width = max(len(row) for row in raw)
        titles = _title_rows(raw)
        rows = []
        for at, cells in enumerate(raw):
            padded = cells + [""] * (width - len(cells))
            group = at >= titles and _is_group(padded)
            rows.append(Row(tuple(self._cell(cell) for cell in padded), group))
        self.blocks.append(Table(tuple(rows), titles))
        return end

    def _cell(self, words: str) -> tuple[Text, ...]:
        return tuple(self.marks.pieces(line) for line in _LIST_IN_CELL.split(words) if line)

    def _closing(self, part: Part) -> None:
        closing: list[list[str]] = []
        for index in range(part.closing, part.end):
            words = self._words(index)
            if self.lines[index].kind == "row":
                continue
            if not closing and not (is_recipients(words) or self._signs(words, index, part)):
                if not (self.lines[index].continues and self._goes_on(words)):
                    self._add(words, "text")
            elif self.lines[index].kind != "note":
                closing.append(self._printed(index))
        if closing:
            self.blocks.append(compose_signing(closing))

    def _signs(self, words: str, index: int, part: Part) -> bool:
        if _SIGNATURE.match(words):
            return True
        return words.isupper() and len(words) < 80 and part.end - index < 12


def _title_rows(rows: Sequence[Sequence[str]]) -> int:
    """How many rows head a table: up to its column titles, and the row that numbers columns."""
    for at, cells in enumerate(rows[:4]):
        if sum(meaning(cell) is not None for cell in cells if cell) >= 2:
            after = rows[at + 1] if at + 1 < len(rows) else []
            filled = [cell for cell in after if cell]
            indexed = len(filled) > 2 and all(re.fullmatch(r"\(?\d{1,2}\)?", c) for c in filled)
            return at + 2 if indexed else at + 1
    return 0


def _is_group(cells: Sequence[str]) -> bool:
    filled = [at for at, cell in enumerate(cells) if cell]
    if len(cells) < 3 or not filled:
        return False
    return filled == [0] or (filled == [0, 1] and bool(_GROUP_LABEL.match(cells[0])))
