"""Text that keeps the look of the page (pdftotext -layout): blanks that stand for places.

There a first line is indented, two columns of a head or a signature share a line, and the cells of
a table stand side by side. ``settle`` makes of that what the readers of other formats hand on:
paragraphs marked where they begin, one column after the other, rows of cells.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kh_nlp.reading.lines import Line
from kh_nlp.reading.placed import Placed, place
from kh_nlp.reading.printed_tables import read_table
from kh_nlp.reading.tables import Item

_NATION = re.compile(r"CỘNG\s+H(?:ÒA|OÀ)\s+XÃ\s+HỘI|ĐẢNG\s+CỘNG\s+SẢN|^ĐOÀN\s+TNCS")
_KIND = re.compile(
    r"^(?:KẾ HOẠCH|QUYẾT ĐỊNH|NGHỊ QUYẾT|CHƯƠNG TRÌNH|ĐỀ ÁN|PHƯƠNG ÁN)\b(?!.*[a-zđ]{3})"
)
_CLOSES = re.compile(r"^(?:nơi\s+nhận|(?:T/?M|KT|TL|TUQ|Q)\s?\.\s*[A-ZĐỦ])", re.IGNORECASE)
_AFTER = re.compile(r"^(?:PHỤ LỤC|Phụ lục|PHỤ BIỂU|BIỂU|DANH MỤC)\b")
_SECRECY = re.compile(r"^\W*(?:ĐỘ\s+MẬT\b|(?:TUYỆT\s*|TỐI\s*)?MẬT\W*$)", re.IGNORECASE)
_PAGE = re.compile(r"^[-–—\s]*\d{1,3}[-–—\s]*$")
_FIRST_LINE = 3  # blanks by which the first line of a paragraph is indented, at least
_GUTTER = 3  # blanks between two columns, at least
_HEAD, _FOOT = 14, 32  # lines of a head or of a closing, at most


@dataclass(frozen=True, slots=True)
class Printed:
    """Lines and rows in reading order; ``marked`` when ``after_blank`` tells of paragraphs."""

    items: list[Item]
    marked: bool


def settle(lines: Sequence[Line], text: str) -> Printed | None:
    """What the places of the words tell, ``None`` for a file that does not keep them.

    ``text`` is what the marks of ``lines`` point into; ``after_blank`` of the lines is set anew
    where the indents of the file tell where paragraphs begin.
    """
    if any("\t" in line.text or "|" in line.text or line.glued for line in lines):
        return None
    placed = [place(line, text) for line in lines]
    marked = _mark_paragraphs(placed)
    if not marked and sum(len(here.pieces) > 1 for here in placed) < 2:
        return None
    items: list[Item] = []
    tables = index = 0
    while index < len(placed):
        rows, after = read_table(placed, index, tables + 1)
        if rows:
            tables += 1
        else:
            rows, after = _two_columns(placed, index)
        items += rows or [placed[index].line]
        index = after if rows else index + 1
    return Printed(items, marked)


def _mark_paragraphs(placed: Sequence[Placed]) -> bool:
    """Set ``after_blank`` where an indented first line begins a paragraph, if the file has such.

    So it is where the full lines of running text begin either at the margin or, many of them at
    one and the same place, by the width of an indent further right.
    """
    words = [here for here in placed if not _PAGE.match(here.line.text)]
    width = max((here.ends for here in words), default=0)
    full = [here for here in words if here.ends >= 0.8 * width and len(here.pieces) < 3]
    if width < 50:
        return False
    if len(full) < 8:
        return _mark_few(placed, width)
    begins = Counter(here.indent for here in full)
    margin = min((at for at, count in begins.items() if count >= 0.15 * len(full)), default=0)
    indents = [begins[at] for at in range(margin + _FIRST_LINE, margin + 15)]
    if max(indents) < max(4, 0.08 * len(full)) or sum(indents) > 0.85 * len(full):
        return _mark_few(placed, width)
    _mark(placed, margin, width)
    return True


def _mark_few(placed: Sequence[Placed], width: int) -> bool:
    """The same for a text of few full lines, by the lines at the margin.

    Where first lines are indented, what stands at the margin goes on with a full line.
    """
    first = next((k for k, here in enumerate(placed) if _KIND.match(here.line.text)), 0)
    last = next((k for k, here in enumerate(placed) if _CLOSES.match(here.line.text)), len(placed))
    body = [here for here in placed[first + 1 : last] if not _PAGE.match(here.line.text)]
    pairs = [
        (above, here)
        for above, here in pairwise(body)
        if len(above.pieces) == 1 and len(here.pieces) == 1
    ]
    at_margin = [above.ends >= 0.75 * width for above, here in pairs if here.indent < _FIRST_LINE]
    indented = len(pairs) - len(at_margin)
    if len(at_margin) < 3 or indented < 5 or sum(at_margin) < 0.8 * len(at_margin):
        return False
    _mark(placed, 0, width)
    return True


def _mark(placed: Sequence[Placed], margin: int, width: int) -> None:
    before: Placed | None = None
    for here in placed:
        line = here.line
        new_page = line.first_on_page or (before is not None and _PAGE.match(before.line.text))
        blank = line.after_blank and not new_page
        short = before is not None and before.ends < 0.6 * width
        line.after_blank = blank or here.indent >= margin + _FIRST_LINE or (short and not new_page)
        before = here


def _two_columns(placed: Sequence[Placed], index: int) -> tuple[list[Item], int]:
    """A head or a closing in two columns as the lines of the left one, then of the right one."""
    last = _head_end(placed, index) or _closing_end(placed, index)
    if last is None:
        return [], index
    block = placed[index:last]
    gutter = _gutter(block)
    if gutter is None:
        return [], index
    left: list[Line] = []
    right: list[Line] = []
    for here in block:
        sides = (
            (left, [piece for piece in here.pieces if piece.at < gutter]),
            (right, [piece for piece in here.pieces if piece.at >= gutter]),
        )
        for side, pieces in sides:
            if pieces:
                side.append(here.cut(pieces))
    closes = any(_CLOSES.match(line.text) for line in (*left, *right))
    out: list[Item] = []
    for side, own_lines in ((left, False), (right, closes)):
        begins = True
        for line in side:
            alone = bool(_SECRECY.match(line.text))
            begins = begins or own_lines or alone
            out.append(replace(line, after_blank=begins, in_cell=not begins))
            begins = alone  # what follows a mark of secrecy is no part of it
    return out, last


def _head_end(placed: Sequence[Placed], index: int) -> int | None:
    """Where the head ends that begins here: its first lines name the nation beside the issuer."""
    near = placed[index : index + 3]
    if not placed[index].line.text.isupper():
        return None
    if not any(_NATION.search(p.words(piece)) for p in near for piece in p.pieces[-1:]):
        return None
    for at in range(index + 1, min(len(placed), index + _HEAD)):
        if _KIND.match(placed[at].line.text) and len(placed[at].pieces) == 1:
            return at
    return None


def _closing_end(placed: Sequence[Placed], index: int) -> int | None:
    here = placed[index]
    if not any(_CLOSES.match(here.words(piece)) for piece in here.pieces):
        return None
    width = max(p.ends for p in placed)
    at = index + 1
    while at < min(len(placed), index + _FOOT):
        line = placed[at].line
        wide = len(placed[at].pieces) == 1 and len(line.text) > 0.75 * width
        if line.first_on_page or _AFTER.match(line.text) or _PAGE.match(line.text) or wide:
            break
        at += 1
    return at


def _gutter(block: Sequence[Placed]) -> int | None:
    """The column between the two halves: where most lines have a wide gap and none has words.

    A line that has words on one side only may cross it: a long name among the recipients.
    """
    shared = [here.pieces for here in block if len(here.pieces) > 1]
    best: tuple[int, int] | None = None
    for at in range(8, max((here.ends for here in block), default=0)):
        if any(piece.at < at < piece.ends for pieces in shared for piece in pieces):
            continue
        gaps = [
            min((piece.at for piece in pieces if piece.at >= at), default=0)
            - max((piece.ends for piece in pieces if piece.ends <= at), default=at)
            for pieces in shared
        ]
        both = sum(gap >= _GUTTER for gap in gaps)
        if both and (best is None or both > best[0]):
            best = (both, at)
    return best[1] if best else None
