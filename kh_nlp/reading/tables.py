"""Tables written as text: tab-separated rows, pipe rows, and pipe tables broken over many lines."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import accumulate

from kh_nlp.reading.lines import BREAK, Line

Cell = tuple[Line, ...]
"""The physical lines of one cell, in order; empty for an empty cell."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table. Rows of one table share ``table``.

    ``covered``: columns, from 0, whose cell is merged with the one above; that cell holds for this
    row too. Known of formats that tell it (Word, web pages).
    """

    cells: tuple[Cell, ...]
    table: int
    covered: frozenset[int] = frozenset()


Item = Line | Row

_LABEL_ONLY = re.compile(r"^(?:[-+•*–]|\(?[0-9]{1,3}[.)]|[IVXLC]+\.|[a-zđA-ZĐ][.)])$")
_GROUP_LABEL = re.compile(r"^(?:[IVX]{1,5}|[A-Z])\.?$")
_RULED = re.compile(r"^[-–—_=*~]{3,}$")
_MAX_CELL = 60  # lines
_TITLE_OR_CHAPTER = re.compile(
    r"^(?:(?:KẾ HOẠCH|QUYẾT ĐỊNH|NGHỊ QUYẾT|CHƯƠNG TRÌNH|CHỈ THỊ|THÔNG BÁO|HƯỚNG DẪN|ĐỀ ÁN)\s*:?$"
    r"|[IVX]{1,4}\.\s+[A-ZĐ]{2}|Căn cứ\s|Điều 1\.|PHỤ LỤC|Phụ lục|\(?(?:Ban hành )?[Kk]èm theo)"
)
_LAYOUT = re.compile(
    r"cộng\s+h(?:òa|oà)\s+xã\s+hội|độc\s+lập\s*[-–—]\s*tự\s+do|nơi\s+nhận|^số\s*:|đảng\s+cộng\s+sản"
    r"|\bsố\s*:\s*\d*\s*[/-]\s*[a-zđ]|^[^,\d]{2,40},\s*ngày\s[\s\d.…]*tháng"
    r"|^kính\s+gửi|^(?:tm|kt|tl|tuq|q)\.",
    re.IGNORECASE,
)


def find_tables(lines: list[Line]) -> list[Item]:
    """Lines with every recognised table row gathered into a ``Row``; the order is kept.

    Tables that only lay out the head or the signature of a document give back their cells as lines.
    """
    items: list[Item] = []
    table = 0
    index = 0
    while index < len(lines):
        if "|" not in lines[index].text and "\t" not in lines[index].text:
            items.append(lines[index])
            index += 1
            continue
        for reader in (_broken_pipes, _pipe_rows, _tab_rows):
            rows, after = reader(lines, index)
            if rows:
                table += 1
                items += unroll(rows) if is_layout(rows) else [Row(row, table) for row in rows]
                index = after
                break
        else:
            items += [
                _without_tabs(line) for line in _broken(lines[index], 0, len(lines[index].text))
            ]
            index += 1
    return items


def _without_tabs(line: Line) -> Line:
    if "\t" not in line.text:
        return line
    return replace(line, text=line.text.replace("\t", " ")).part(0, len(line.text))


def is_layout(rows: list[tuple[Cell, ...]]) -> bool:
    """Head and signature tables have few filled cells, one of them a formula of the genre."""
    if len(rows) > 6:
        return False
    filled = [cell for row in rows for cell in row if cell]
    texts = [" ".join(line.text for line in cell) for cell in filled]
    return len(filled) <= 8 and any(_LAYOUT.search(text) for text in texts)


def unroll(rows: list[tuple[Cell, ...]]) -> list[Item]:
    """The lines of a layout table, cell after cell."""
    return [line for row in rows for cell in row for line in _cell_lines(cell)]


def _cell_lines(cell: Cell) -> list[Line]:
    """Lines of a layout cell, each flagged so that it is not joined to the cell before it."""
    return [
        replace(line, after_blank=index == 0, first_on_page=index == 0, in_cell=index > 0)
        for index, line in enumerate(cell)
    ]


def _split(line: Line, separator: str) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    at = 0
    for piece in line.text.split(separator):
        cells.append(_broken(line, at, at + len(piece)))
        at += len(piece) + len(separator)
    return tuple(cells)


def _broken(line: Line, start: int, end: int) -> Cell:
    """The lines between ``start`` and ``end`` of a line that holds line breaks."""
    parts: list[Line] = []
    pieces = line.text[start:end].split(BREAK)
    for piece in pieces:
        part = line.part(start, start + len(piece))
        if part.text and (len(pieces) == 1 or not _RULED.match(part.text)):
            parts.append(part)
        start += len(piece) + len(BREAK)
    return tuple(parts)


def _tab_rows(lines: list[Line], index: int) -> tuple[list[tuple[Cell, ...]], int]:
    """A run of lines with tabs; a lone ``1.<tab>Text`` is a labelled line and no row."""
    rows: list[tuple[Cell, ...]] = []
    at = index
    while at < len(lines) and "\t" in lines[at].text and not lines[at].text.startswith("|"):
        rows.append(_split(lines[at], "\t"))
        at += 1
    filled = [[cell for cell in row if cell] for row in rows]
    if not rows or all(len(cells) < 2 for cells in filled):
        return [], index
    if all(
        len(row) == 2 and len(cells) == 2 and _LABEL_ONLY.match(cells[0][0].text)
        for row, cells in zip(rows, filled, strict=True)
    ):
        return [], index
    return rows, at


def _pipe_rows(lines: list[Line], index: int) -> tuple[list[tuple[Cell, ...]], int]:
    """``| a | b |`` rows, one a line, with or without the outer pipes."""
    rows: list[tuple[Cell, ...]] = []
    at = index
    while at < len(lines):
        text = lines[at].text
        if not (text.startswith("|") and text.count("|") > 1) and " | " not in text:
            break
        cells = list(_split(lines[at], "|"))
        if text.startswith("|"):
            cells = cells[1:]
        if text.endswith("|"):
            cells = cells[:-1]
        if rows and lines[at].after_blank and len(cells) != len(rows[-1]):
            break  # another table
        rows.append(tuple(cells))
        at += 1
    # Without outer pipes a " | " may be a scanner's speck: believe it only in regular rows.
    regular = len(rows) > 1 and len(rows[0]) > 2 and len({len(row) for row in rows}) == 1
    if rows and not lines[index].text.startswith("|") and not (regular or is_layout(rows)):
        return [], index
    return rows, at


def _broken_pipes(lines: list[Line], index: int) -> tuple[list[tuple[Cell, ...]], int]:
    """A table whose pipes stand on lines of their own, a cell's text on the lines between them.

    Web pages turned into text look so. A pipe followed by a blank line ends the table; a row ends
    where two pipes meet, unless an empty cell lies between them, which the usual number of cells
    of the table decides.
    """
    if lines[index].text != "|":
        return [], index
    cells: list[Cell] = []  # cells[k] stands between pipe k and pipe k + 1
    at = index + 1
    while at < len(lines):
        if lines[at].text != "|" and lines[at].after_blank and not cells_open(lines, at):
            break
        start = at
        while at < len(lines) and lines[at].text != "|":
            at += 1
        if at == len(lines) or _no_cell(lines[start:at]):
            at = start
            break
        cells.append(tuple(lines[start:at]))
        at += 1
        if at < len(lines) and lines[at].after_blank:
            break
    if not any(cells):
        return [], index
    return _rows_of(cells), at


def _no_cell(stretch: list[Line]) -> bool:
    """Whether text between two pipes is no cell but what stands between two tables.

    Needed where a file has no blank lines: the title of the document or a chapter shows it.
    """
    if len(stretch) < 3:
        return False
    return len(stretch) > _MAX_CELL or any(_TITLE_OR_CHAPTER.match(line.text) for line in stretch)


def cells_open(lines: list[Line], at: int) -> bool:
    """Whether the line before ``at`` is not a pipe, so that a blank line lies inside a cell."""
    return lines[at - 1].text != "|"


def _rows_of(cells: list[Cell]) -> list[tuple[Cell, ...]]:
    """Cells between pipes to rows; an empty stretch is a row end or an empty cell.

    Chosen so that as many rows as possible have the table's usual width: dynamic programming over
    the empty stretches, the only places where a row can end.
    """
    greedy: list[int] = []
    width = 0
    for cell in cells:
        if cell:
            width += 1
        elif width:
            greedy.append(width)
            width = 0
    if width:
        greedy.append(width)
    widths = [w for w, _ in Counter(greedy).most_common(4)]
    labelled = [_labelled(cell) for cell in cells]
    best = min((_split_rows(cells, labelled, w) for w in widths), key=lambda split: split[0])
    return [tuple(cells[start:end]) for start, end in best[1]]


def _labelled(cell: Cell) -> bool:
    """Whether a cell holds just the label of a group: "I", "B", "IV."."""
    return len(cell) == 1 and bool(_GROUP_LABEL.match(cell[0].text))


def _split_rows(
    cells: list[Cell], labelled: list[bool], width: int
) -> tuple[float, list[tuple[int, int]]]:
    count = len(cells)
    # opened[k]: how many of cells[:k] look like the label of a group after an empty cell
    opened = [0, *accumulate(k > 0 and not cells[k - 1] and labelled[k] for k in range(count))]
    filled = [0, *accumulate(bool(cell) for cell in cells)]
    # a row ends at the last pipe or where two pipes meet; nearest[k]: the first such place in ends
    # that lies behind k
    ends = [k for k in range(1, count) if not cells[k]] + [count]
    nearest, at = [0] * count, 0
    for k in range(count):
        at += ends[at] <= k
        nearest[k] = at
    cost = [0.0] * (count + 2)
    step = [0] * (count + 2)
    for start in range(count - 1, -1, -1):
        cost[start] = float("inf")
        for place in range(nearest[start], len(ends)):
            end = ends[place]
            size = end - start
            if size > width + 4:
                break
            here = 0.0 if size == width else 0.6 + 0.2 * abs(size - width)
            if size == 2 and labelled[start]:
                here = 0.3  # a group row: its label, and a title over all other columns
            if size > 2 and opened[end] > opened[start + 2]:
                here += 2.0
            if size > width:
                here += 1.5
            if filled[end] == filled[start]:
                here += 1.0
            total = here + (cost[end + 1] if end + 1 <= count else 0.0)
            if total < cost[start]:
                cost[start], step[start] = total, end
        if cost[start] == float("inf"):  # a very wide row: take it whole
            end = next((e for e in range(start + 1, count) if not cells[e]), count)
            cost[start] = 5.0 + (cost[end + 1] if end + 1 <= count else 0.0)
            step[start] = end
    rows, at = [], 0
    while at < count:
        rows.append((at, step[at]))
        at = step[at] + 1
    return cost[0] / max(1, len(rows)), rows
