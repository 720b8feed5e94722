"""Tables whose cells were torn into many short lines with no rule between them (text of PDFs).

The column titles are recognised by the lexicon, the rows by their running numbers. The lines of a
row are then dealt to the columns by dynamic programming: a cell ends where the next word would
still have fitted into its column, where a new cell begins with a capital, and where what follows
reads like a body or like a time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from kh_nlp.reading.columns import Meaning, meaning, plain
from kh_nlp.reading.lines import Line
from kh_nlp.reading.tables import Cell, Item, Row

_NUMBER = re.compile(r"^(\d{1,3})[.)]?$")
_ORDER_TITLE = re.compile(r"^(?:s ?t ?t|t ?t|so tt|so thu tu)\b")
_END = re.compile(
    r"^(?:[IVXL]+\s*[.:]\s|Phần\s|PHẦN\s|Phụ lục|PHỤ LỤC|\d{1,2}\.\s+\S|[a-zđ]\)\s|Nơi nhận"
    r"|Ghi chú|Trên đây"
    r"|TM\.|KT\.|TL\.)"
)
_BODY = re.compile(
    r"^(?:các |uy ban|ubnd|hdnd|ubmttq|mttq|mat tran|van phong|phong |trung tam|so |ban |bo "
    r"|chi cuc|cuc |cong an|hoi "
    r"|doan |dai |bao |hiep hoi |truong |to |chi bo|dang uy|don vi|co quan|cac |toan |bhxh|kho bac"
    r"|buu dien|thanh tra|nha "
    r"|cong ty|vien |lien |huyen |thanh |tinh |xa |phuong|cong doan|bi thu|chu tich|lanh dao"
    r"|cong chuc|can bo|ubbc)"
)
_TIME = re.compile(
    r"^(?:thuong xuyen|hang |hang nam|thang |quy |nam |trong |truoc |sau |tu |den |ngay |khi "
    r"|ca nam|theo |dinh ky"
    r"|6 thang|tuan |nua |giua |ky |mua |chieu |sang |\d{1,2}/|\d{4}|giai doan|dau |cuoi )"
)
_AREAS = ("tinh", "huyen", "xa", "phuong", "thanh pho")
_BARE = re.compile(r"^(?:van phong|phong|trung tam|so|ban|bo|uy ban|ubnd|cac|chi cuc|hoi|doan)$")
_MAX_TITLE_LINES, _MAX_LINE = 24, 60


@dataclass(frozen=True, slots=True)
class _Title:
    columns: tuple[tuple[Cell, Meaning], ...]
    end: int


def find_spread_tables(items: list[Item], first_table: int) -> list[Item]:
    """``items`` with torn tables gathered into rows, tables numbered from ``first_table``."""
    out: list[Item] = []
    index, table = 0, first_table
    while index < len(items):
        item = items[index]
        if isinstance(item, Row) or item.text[0] not in "STst":
            out.append(item)
            index += 1
            continue
        title = _title(items, index)
        rows, after = _rows(items, title) if title else ([], index)
        if title is None or not rows:
            out.append(items[index])
            index += 1
            continue
        out.append(Row(tuple(cell for cell, _ in title.columns), table))
        out += [Row(row, table) for row in rows]
        table += 1
        index = after
    return out


def _title(items: list[Item], index: int) -> _Title | None:
    """Column titles spread over lines that begin with STT and end before the first number."""
    head = items[index]
    if not isinstance(head, Line) or len(head.text) > _MAX_LINE:
        return None
    lines: list[Line] = []
    for item in items[index : index + _MAX_TITLE_LINES]:
        if not isinstance(item, Line) or len(item.text) > _MAX_LINE:
            break
        if _NUMBER.match(item.text):
            break
        lines.append(item)
    else:
        return None
    if len(lines) < 3 or not _ORDER_TITLE.match(plain(" ".join(x.text for x in lines[:2]))):
        return None
    columns = _title_columns(lines)
    known = {kind for _, kind in columns}
    if "content" not in known or len(columns) < 3:
        return None
    return _Title(tuple(columns), index + len(lines))


def _title_columns(lines: list[Line]) -> list[tuple[Cell, Meaning]]:
    """The split of the title lines with most different meanings and capital starts.

    (The fewest groups would be wrong: "Cơ quan chủ trì Cơ quan phối hợp" also reads as one title.)
    """
    count = len(lines)
    best: dict[int, tuple[float, list[tuple[int, int, Meaning]]]] = {0: (0.0, [])}
    for end in range(1, count + 1):
        for start in range(max(0, end - 5), end):
            if start not in best:
                continue
            score, path = best[start]
            text = " ".join(line.text for line in lines[start:end])
            kind = meaning(text) or meaning(text.replace(" ", ""))
            if kind is None or (kind == "order") != (start == 0):
                continue
            repeated = any(k == kind for *_, k in path)
            gain = score + (-1.0 if repeated else 1.0)
            gain -= 0.0 if lines[start].text[:1].isupper() or start == 0 else 1.5
            if end not in best or gain > best[end][0]:
                best[end] = (gain, [*path, (start, end, kind)])
    path = best[count][1] if count in best else []
    return [(tuple(lines[start:end]), kind) for start, end, kind in path]


def _longest(starts: list[int]) -> int:
    """How many lines a row may have: three times the longest so far, so that a table has an end."""
    return max(40, 3 * max((b - a for a, b in pairwise(starts)), default=0))


def _rows(items: list[Item], title: _Title) -> tuple[list[tuple[Cell, ...]], int]:
    """Rows below the titles and the index of the first item after the table."""
    starts: list[int] = []
    at, last = title.end, 0
    while at < len(items):
        item = items[at]
        if not isinstance(item, Line) or len(item.text) > 2 * _MAX_LINE:
            break
        number = _NUMBER.match(item.text)
        if number and int(number.group(1)) == last + 1:
            starts.append(at)
            last += 1
        elif starts and (_END.match(item.text) or at - starts[-1] > _longest(starts)):
            break
        at += 1
    if len(starts) < 2:
        return [], title.end
    bounds = [*starts, at]
    blocks = [
        [line for line in items[start:end] if isinstance(line, Line)]
        for start, end in pairwise(bounds)
    ]
    kinds = [kind for _, kind in title.columns[1:]]
    bodies = [block[1:] for block in blocks]
    widths = [0] * len(kinds)
    dealt: list[list[Cell]] = []
    for _ in range(4):  # widths and cells settle in two or three rounds
        dealt = [_deal(lines, kinds, widths) for lines in bodies]
        fresh = [_width([row[column] for row in dealt]) for column in range(len(kinds))]
        if fresh == widths:
            break
        widths = fresh
    rows = [((block[0],), *cells) for block, cells in zip(blocks, dealt, strict=True)]
    return rows, at


def _width(cells: list[Cell]) -> int:
    """Width of a column in characters; of many cells the widest may be a mistake: left out."""
    widths = sorted(max((len(line.text) for line in cell), default=0) for cell in cells)
    return widths[-2] if len(widths) > 3 else widths[-1]


def _deal(lines: list[Line], kinds: list[Meaning], widths: list[int]) -> list[Cell]:
    """Deal the lines of one row to the columns, in order, at least cost."""
    count, columns = len(lines), len(kinds)
    regular = sum(line.after_blank for line in lines) > len(lines) / 2
    infinity = float("inf")
    cost = [[infinity] * (count + 1) for _ in range(columns + 1)]
    back = [[0] * (count + 1) for _ in range(columns + 1)]
    cost[0][0] = 0.0
    for column in range(1, columns + 1):
        kind, width = kinds[column - 1], widths[column - 1]
        for start in range(count + 1):
            before = cost[column - 1][start]
            if before == infinity:
                continue
            total = before + 4.0
            if total < cost[column][start]:  # an empty cell
                cost[column][start], back[column][start] = total, start
            total = before + _opening(lines, start, kind, regular) if start < count else infinity
            for end in range(start + 1, count + 1):
                if end - 1 > start:
                    total += _keeping(lines[end - 2], lines[end - 1], kind, width, regular)
                closed = total + _closing(lines[end - 1], kind)
                if closed < cost[column][end]:
                    cost[column][end], back[column][end] = closed, start
    cells: list[Cell] = []
    end = count
    for column in range(columns, 0, -1):
        start = back[column][end]
        cells.append(tuple(lines[start:end]))
        end = start
    return cells[::-1]


def _opening(lines: list[Line], start: int, kind: Meaning, regular: bool) -> float:
    """Cost of beginning a cell of this kind at ``start``."""
    line = lines[start]
    folded = plain(line.text)
    cost = 0.0
    if line.text[:1].islower():
        cost += 1.5
    if kind in ("lead", "partners"):
        cost += -1.0 if _BODY.match(folded + " ") and folded not in _AREAS else 3.0
        cost += 2.0 if _TIME.match(folded + " ") else 0.0
    elif kind == "deadline":
        cost += -2.0 if _TIME.match(folded + " ") else 4.0
    if start and regular and not line.after_blank:
        cost -= 1.5  # printed beside the line before it: another column
    return cost


def _closing(line: Line, kind: Meaning) -> float:
    """Cost of ending a cell with this line: not after a comma, nor after a bare "Văn phòng"."""
    cost = 2.5 if line.text.rstrip()[-1:] in ",-–;" else 0.0
    if kind in ("lead", "partners") and _BARE.match(plain(line.text)):
        cost += 3.0
    return cost


def _keeping(above: Line, line: Line, kind: Meaning, width: int, regular: bool) -> float:
    """Cost of keeping ``line`` in the cell of the line above it."""
    cost = 0.0
    first = line.text.split(maxsplit=1)[0]
    if width and above.text[-1:] != "-" and len(above.text) + 1 + len(first) <= width - 1:
        cost += 1.5  # the word would have fitted: the break was no wrap
    if width and len(line.text) > width + 2:
        cost += 1.0
    if line.text[:1].isupper() and above.text.rstrip()[-1:] not in ",-–;":
        cost += 0.7
    if kind != "deadline" and _TIME.match(plain(line.text) + " ") and len(line.text) < 18:
        cost += 0.8
    if regular and not line.after_blank:
        cost += 2.0
    return cost
