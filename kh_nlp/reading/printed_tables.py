"""Tables whose cells stand side by side, kept apart by blanks only.

The titles tell the columns; a row begins at a number in the first one. Columns may stand elsewhere
in every row (a converter moves them), so the words of a row are gathered into columns of their own:
what overlaps from line to line is one cell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from kh_nlp.reading.columns import meaning, plain
from kh_nlp.reading.lines import Line
from kh_nlp.reading.placed import Piece, Placed
from kh_nlp.reading.tables import Cell, Item, Row

_ORDER = re.compile(r"^(?:s ?t ?t|t ?t|so tt)$")
_NUMBER = re.compile(r"^(?:\d{1,3}(?:\.\d{1,2})*|[IVXL]{1,5}|[A-HĐ])[.)]?$")
_PAGE = re.compile(r"^[-–—\s]*\d{1,3}[-–—\s]*$")
_GOES_ON = re.compile(  # what stands below a table
    r"(?:[IVX]{1,5}|\d{1,2}(?:\.\d{1,2})*)\s?[.)/-]\s+\S|[a-zđ]\)\s|(?:PHỤ LỤC|PHỤ BIỂU|BIỂU)\b"
    r"|Trên đây|Nơi nhận"
)
_TITLE_LINES = 6


_Part = tuple[int, Piece, Line]
"""The number of a line, a piece of it, and its words."""


@dataclass(slots=True)
class _Column:
    """Pieces that overlap, as one column of a row: from ``lo`` to ``hi``."""

    lo: int
    hi: int
    parts: list[_Part] = field(default_factory=list)

    @property
    def cell(self) -> Cell:
        return _cell(self.parts)

    @property
    def words(self) -> str:
        return " ".join(line.text for line in self.cell)


def _cell(parts: Sequence[_Part]) -> Cell:
    return tuple(line for _, _, line in sorted(parts, key=lambda part: (part[0], part[1].at)))


def read_table(placed: Sequence[Placed], index: int, table: int) -> tuple[list[Item], int]:
    """Rows of the table whose titles begin at ``index``, and where it ends; else nothing."""
    begin = _title_lines(placed, index)
    if begin is None:
        return [], index
    titles = _title_columns(placed[index:begin])
    numbered = bool(_ORDER.match(plain(titles[0].words)))
    if len(titles) < 3 or not (numbered or _unnumbered(placed[index])):
        return [], index
    repeated = _repeated(placed, index, begin)
    bounds, end = _row_bounds(placed, begin, titles, repeated)
    if not bounds:
        return [], index
    lines = _apart(placed[:end], begin, repeated)
    starts = _starts(lines[begin:])
    parted = _title_columns([_cut(here, starts, 3) for here in placed[index:begin]])
    if len(titles) < len(parted) <= len(starts) + 1:  # titles that only one blank separates
        titles = parted
    known = {meaning(title.words) for title in titles}
    if "content" not in known or not known & {"lead", "deadline", "partners"}:
        return [], index
    rows: list[Item] = [Row(tuple(title.cell for title in titles), table)]
    for first, last in bounds:
        again = [lines[at] for at in range(first, last) if at in repeated]
        if again:  # at the head of the page on which the row goes on
            rows.append(Row(tuple(title.cell for title in _title_columns(again)), table))
        own = [lines[at] for at in range(first, last) if at not in repeated]
        rows.append(Row(_cells(own, titles), table))
    return rows, end


def _repeated(placed: Sequence[Placed], index: int, begin: int) -> frozenset[int]:
    """Lines that print the titles once more, at the head of a page."""
    titles = [here.line.text for here in placed[index:begin]]
    found: set[int] = set()
    for at in range(begin, len(placed) - len(titles) + 1):
        if placed[at].line.text == titles[0]:
            below = range(at, at + len(titles))
            if [placed[k].line.text for k in below] == titles:
                found.update(below)
    return frozenset(found)


def _starts(lines: Sequence[Placed]) -> list[int]:
    """Where the columns of some lines begin: where pieces do, many times."""
    rows = [here for here in lines if len(here.pieces) > 1]
    counted = Counter(piece.at for here in rows for piece in here.pieces[1:])
    return sorted(at for at, count in counted.items() if count >= max(2, 0.15 * len(rows)))


def _apart(placed: Sequence[Placed], begin: int, repeated: frozenset[int]) -> list[Placed]:
    """The lines with cells apart that only one blank separates, page by page.

    A word that begins where a column does, in most rows of the page, is the first of a cell.
    """
    out = list(placed)
    page: list[int] = []
    for at in [*range(begin, len(placed)), None]:
        if at is not None and not _PAGE.match(placed[at].line.text):
            page += [] if at in repeated else [at]
            continue
        starts = _starts([placed[k] for k in page])
        for k in page:
            several = len(placed[k].pieces) > 2  # no title of a group, which runs over columns
            out[k] = _cut(placed[k], starts, 1 if several else 0)
        page = []
    return out


def _cut(here: Placed, starts: Sequence[int], slack: int) -> Placed:
    """The line with its pieces cut at the blanks before ``starts``, ``slack`` off at most."""
    pieces: list[Piece] = []
    for piece in here.pieces:
        for start in starts:
            if not piece.at + 2 * slack < start < piece.ends - 2 * slack:
                continue
            middle = piece.start + start - 1 - piece.at
            near = sorted(range(middle - slack, middle + slack + 1), key=lambda k: abs(k - middle))
            blank = next((k for k in near if here.line.text[k : k + 1] == " "), None)
            if blank is None or not piece.start < blank < piece.end - 1:
                continue
            pieces.append(Piece(piece.start, blank, piece.at))
            piece = Piece(blank + 1, piece.end, piece.at + blank + 1 - piece.start)
        pieces.append(piece)
    return Placed(here.line, tuple(pieces))


def _title_lines(placed: Sequence[Placed], index: int) -> int | None:
    """Where the titles that begin at ``index`` end: at the first row, a number at its left."""
    named: Piece | None = None
    if _unnumbered(placed[index]):
        return index + 1
    for at in range(index, min(len(placed), index + _TITLE_LINES)):
        here = placed[at]
        left = here.pieces[0]
        first = plain(here.words(left))
        if first == "t" and at + 1 < len(placed):  # "T / T" in a narrow column
            first += plain(placed[at + 1].words(placed[at + 1].pieces[0]))
        if _ORDER.match(first) and len(here.pieces) > 1:
            named = left
        elif named and len(here.pieces) > 1 and _NUMBER.match(here.words(left)):
            return at if left.at <= named.ends + 2 else None
        elif len(here.pieces) < (4 if len(here.line.text) > 90 else 0 if named else 2):
            return None
    return None


def _unnumbered(here: Placed) -> bool:
    """Titles of a table without numbers, all in one line: "Tháng | Nội dung | Phụ trách"."""
    if len(here.pieces) < 3:
        return False
    found = [meaning(here.words(piece)) for piece in here.pieces]
    known = set(found)
    plainly = not known & {None, "order"}
    return plainly and "content" in known and bool(known & {"lead", "deadline"})


def _title_columns(lines: Sequence[Placed]) -> list[_Column]:
    """Columns of the titles; one over several others is read as part of the first of these."""
    found: list[_Column] = []
    for column in _columns(lines):
        under = _columns_below(column)
        found += under if under else [column]
    return found


def _columns_below(column: _Column) -> list[_Column]:
    """The columns that the lower lines of a common title hold, its own words with the first."""
    upper = min(number for number, _, _ in column.parts)
    lower = [part for part in column.parts if part[0] > upper]
    if not lower:
        return []
    above = [part for part in column.parts if part[0] == upper]
    under = _merged(lower)
    if len(under) < 2 or len(above) > 1:
        return []
    under[0].parts += above
    return under


def _columns(lines: Sequence[Placed]) -> list[_Column]:
    """Pieces of some lines as columns from left to right."""
    return _merged(
        [
            (number, piece, here.cut([piece]))
            for number, here in enumerate(lines)
            for piece in here.pieces
        ]
    )


def _merged(parts: Sequence[_Part]) -> list[_Column]:
    """Parts that overlap put together, from left to right."""
    columns: list[_Column] = []
    for part in parts:
        piece = part[1]
        touched = [c for c in columns if piece.at < c.hi and c.lo < piece.ends]
        merged = _Column(piece.at, piece.ends, [part])
        for column in touched:
            merged.lo, merged.hi = min(merged.lo, column.lo), max(merged.hi, column.hi)
            merged.parts += column.parts
            columns.remove(column)
        columns.append(merged)
    return sorted(columns, key=lambda column: column.lo)


def _row_bounds(
    placed: Sequence[Placed], begin: int, titles: Sequence[_Column], repeated: frozenset[int]
) -> tuple[list[tuple[int, int]], int]:
    """First and last line of each row, and where the table ends."""
    edge = titles[0].hi + 2
    numbered = bool(_ORDER.match(plain(titles[0].words)))
    starts: list[int] = []
    at = begin
    while at < len(placed):
        here = placed[at]
        left = here.pieces[0]
        if at in repeated:
            pass
        elif len(here.pieces) == 1 and _ends_table(here, placed[starts[-1] : at] if starts else ()):
            break
        elif left.at <= edge:
            number = _NUMBER.match(here.words(left)) if numbered else len(here.pieces) > 2
            if not (number and len(here.pieces) > 1):
                break
            starts.append(at)
        elif len(here.pieces) == 1 and _PAGE.match(here.line.text):
            pass  # the number of a page; the row goes on behind it
        elif len(here.line.text) > 0.9 * titles[-1].hi and len(here.pieces) == 1:
            break
        at += 1
    ends = [*starts[1:], at]
    return list(zip(starts, ends, strict=True)), at


def _ends_table(here: Placed, row: Sequence[Placed]) -> bool:
    """A chapter or an annex; another label where no cell of the row above begins."""
    text = here.line.text
    if not _GOES_ON.match(text):
        return False
    if text[0] in "IVXPBTN" or text.isupper():
        return True
    begins = {piece.at for line in row for piece in line.pieces}
    return not any(abs(here.indent - at) < 2 for at in begins)


def _cells(lines: Sequence[Placed], titles: Sequence[_Column]) -> tuple[Cell, ...]:
    """Cells of one row, one for each title, empty where the row has no words."""
    kept = [here for here in lines if len(here.pieces) > 1 or not _PAGE.match(here.line.text)]
    number = kept[0].cut(kept[0].pieces[:1])
    rest = [Placed(kept[0].line, kept[0].pieces[1:]), *kept[1:]]
    found = _columns(rest)
    cells: list[list[_Part]] = [[] for _ in titles]
    if len(found) == len(titles) - 1:
        for place, column in enumerate(found, 1):
            cells[place] = column.parts
    else:
        least = 1
        for column in found:
            best = max(range(least, len(titles)), key=lambda i: _nearness(column, titles[i]))
            cells[best] += column.parts
            least = best
    return ((number,), *(_cell(parts) for parts in cells[1:]))


def _nearness(column: _Column, title: _Column) -> int:
    """How far two columns overlap, negative when they lie apart."""
    return min(column.hi, title.hi) - max(column.lo, title.lo)
