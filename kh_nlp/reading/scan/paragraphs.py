"""Where paragraphs begin and lines go on, told by gaps, indents and the room left in a line.

What the geometry leaves open (a line at the margin below one that is nearly full) is left to
``kh_nlp.reading.reflow``, which judges by the words. Units: pixels of the page at 300 dpi.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from kh_nlp.reading.reflow import starts_paragraph
from kh_nlp.reading.scan.printed import PrintedLine, body_size

# in a head or a signature: what begins a line of its own and does not go on with the one above
OWN_LINE = re.compile(
    r"(?:TM|KT|TL|TUQ|Q)\s?\.|(?:Số|SỐ)\s*:|Nơi nhận|Độc lập|\*"
    r"|(?:PH[ÓO]|CHỦ|GIÁM|CHÁNH|BÍ|HIỆU|TRƯỞNG)\s|UBND\b|(?:ỦY|UỶ|ỦỶ|UY) BAN\b"
    r"|(?:HĐND|SỞ|BỘ|BAN|HỘI|CỤC|CHI CỤC|ĐẢNG|TỈNH ỦY|HUYỆN ỦY|THÀNH ỦY|MẶT TRẬN|VĂN PHÒNG"
    r"|TRƯỜNG|PHÒNG|TRUNG TÂM|CÔNG AN|TỈNH ĐOÀN|THANH TRA|ĐOÀN|LIÊN ĐOÀN|BẢO HIỂM)\b"
)
_HANGING = re.compile(r"^(?:[-+*•–—·]|\(?[\dA-Za-zđĐ]{1,4}[.)])\s")
_ENDS = re.compile(r"[.;:!?…/][”\"’)]*$")
_ALONE = re.compile(r"^(?:PHỤ LỤC(?:\s(?:SỐ\s)?[IVX\d]{1,4})?|KẾ HOẠCH|QUYẾT ĐỊNH)\s*:?$")
_EDGE = 14  # pixels between left edges, or right ones, that are one margin
_BLANK = 0.25  # ems


@dataclass(frozen=True, slots=True)
class _Margins:
    """The edges that running text keeps to."""

    left: int
    right: int


def mark_paragraphs(lines: list[PrintedLine]) -> list[PrintedLine]:
    """Lines of a page with ``after_blank`` where a paragraph begins, and ``goes_on``.

    Lines of columns have their flags already.
    """
    if not lines:
        return lines
    usual = body_size(lines)
    step = _step(lines, usual)
    margins = _margins(lines)
    least = _least_margins(lines) if margins is None else None
    set_in = _first_lines_set_in(lines, margins)
    out: list[PrintedLine] = []
    for index, line in enumerate(lines):
        above = lines[index - 1] if index else None
        if above is None:
            out.append(replace(line, after_blank=not (set_in and _at_margin(line, margins))))
        elif _in_column(line):
            out.append(line)
        elif _in_brackets(line, above):
            out.append(replace(line, goes_on=True))
        elif _begins(line, above, step, usual) or _indented(line, above, margins):
            out.append(replace(line, after_blank=True))
        else:
            room = None if _in_column(above) else _room(line, above, margins or least)
            if margins is None and room is False:
                room = None  # the margin may lie further right than any line of this page
            begins = bool(room) and not line.text[:1].islower()
            goes_on = room is False and (set_in or not starts_paragraph(line.text))
            out.append(replace(line, after_blank=begins, goes_on=goes_on))
    return out


def _first_lines_set_in(lines: Sequence[PrintedLine], margins: _Margins | None) -> bool:
    """Whether paragraphs of this page are set in, so that a line at the margin begins none."""
    if margins is None:
        return False
    labelled = [line for line in lines if not _in_column(line) and starts_paragraph(line.text)]
    inner = [line for line in labelled if line.box[0] - margins.left > 0.8 * line.size]
    return len(inner) > 1 and len(inner) >= 0.75 * len(labelled)


def _at_margin(line: PrintedLine, margins: _Margins | None) -> bool:
    return margins is not None and not _in_column(line) and abs(line.box[0] - margins.left) < _EDGE


def _in_column(line: PrintedLine) -> bool:
    return line.in_cell or line.after_blank


def _step(lines: Sequence[PrintedLine], usual: float) -> float:
    """Ems from base line to base line inside paragraphs.

    Told by lines that go on in small letters; where these are few, by the lower quartile of all,
    since single lines with a gap between them may be most of a page.
    """
    steps: list[float] = []
    inside: list[float] = []
    for above, below in pairwise(lines):
        apart = (below.baseline - above.baseline) / usual
        if 0.8 < apart < 2.5 and _line_of_text(above, usual) and _line_of_text(below, usual):
            steps.append(apart)
            if below.text[:1].islower() and not _ENDS.search(above.text):
                inside.append(apart)
    if len(inside) > 1:
        return median(inside)
    return sorted(steps)[len(steps) // 4] if steps else 1.2


def _line_of_text(line: PrintedLine, usual: float) -> bool:
    """Whether a line is set in the type of the text, not in that of notes or recipients."""
    return 0.9 * usual < line.size < 1.2 * usual and not line.in_cell


def _begins(line: PrintedLine, above: PrintedLine, step: float, usual: float) -> bool:
    """Whether a line stands further below the one above than lines of a paragraph do."""
    if _ALONE.match(above.text) or _capitals_end(above, line):
        return True  # a title follows or ends, set as the lines of one paragraph
    # italics run narrower: in type of about the usual size the size itself is not measured again
    size = usual if 0.85 * usual < line.size < 1.2 * usual else max(line.size, 0.8 * usual)
    apart = (line.baseline - above.baseline) / size
    apart *= 1.0 if line.size > 0.85 * usual else line.size / usual
    return apart > 1.14 * step or apart < 0


def _in_brackets(line: PrintedLine, above: PrintedLine) -> bool:
    """Whether a line goes on with a remark in brackets, centred below a title ("(Kèm theo …")."""
    near = 0 < line.baseline - above.baseline < 2.2 * line.size
    return near and above.text.startswith("(") and ")" not in above.text and ")" in line.text


def _capitals_end(above: PrintedLine, line: PrintedLine) -> bool:
    """Whether only one of two lines is in capitals, and no rest of a sentence ("UBND xã")."""
    if above.text.isupper() == line.text.isupper():
        return False
    title = above.text if above.text.isupper() else line.text
    return sum(char.isalpha() for char in title) > 9


def _margins(lines: Sequence[PrintedLine]) -> _Margins | None:
    """The outermost edges at which several lines begin and end; ``None`` where none show.

    Not the most frequent ones: single lines set in from the margin may be most of a page.
    """
    text = [line for line in lines if not _in_column(line)]
    left = _edge(sorted(line.box[0] for line in text))
    right = _edge(sorted((line.box[2] for line in text), reverse=True))
    return None if left is None or right is None else _Margins(left, right)


def _least_margins(lines: Sequence[PrintedLine]) -> _Margins | None:
    """The left edge and the right end of the longest line, on a page of few full lines.

    Only where most lines begin at that edge: titles in the middle may begin near each other.
    """
    text = [line for line in lines if not _in_column(line)]
    left = _edge(sorted(line.box[0] for line in text))
    if left is None:
        return None
    at_edge = [line for line in text if abs(line.box[0] - left) < _EDGE]
    if len(at_edge) < max(4, 0.7 * len(text)):
        return None
    return _Margins(left, max(line.box[2] for line in text))


def _edge(places: Sequence[int]) -> int | None:
    """The first of ``places``, in their order, that enough others are near to."""
    needed = max(3, round(0.08 * len(places)))
    for place in places:
        near = [other for other in places if abs(other - place) < _EDGE]
        if len(near) >= needed:
            return round(median(near))
    return None


def _indented(line: PrintedLine, above: PrintedLine, margins: _Margins | None) -> bool:
    """Whether a first line is set in from the margin, neither centred nor hanging below a label."""
    if margins is None or _centred_below(line, above):
        return False
    indent = line.box[0] - margins.left
    if not 0.8 * line.size < indent < 4 * line.size:
        return False
    centred = abs(indent - (margins.right - line.box[2])) < 1.2 * line.size
    if centred and not _HANGING.match(line.text):
        return False
    begun = above.box[0] - margins.left < 0.5 * line.size
    if begun and _HANGING.match(above.text) and len(above.words) > 1:
        hangs = abs(above.words[1].left - line.box[0]) < 0.6 * line.size
        return not hangs
    return begun or above.box[2] < margins.right - 2 * line.size or bool(_HANGING.match(line.text))


def _centred_below(line: PrintedLine, above: PrintedLine) -> bool:
    """Whether a title goes on in the middle below itself ("ỦY BAN NHÂN DÂN" / "TỈNH HÀ LAM")."""
    off = abs(line.box[0] + line.box[2] - above.box[0] - above.box[2]) / 2
    apart = abs(line.box[0] - above.box[0])
    same = line.text.isupper() and above.text.isupper() and not OWN_LINE.match(line.text)
    return same and off < 0.5 * line.size < apart


def _room(line: PrintedLine, above: PrintedLine, margins: _Margins | None) -> bool | None:
    """Whether the first word of a line would have fitted into the line above; ``None``: unsure.

    Only for lines of text that begin at the margin: titles in the middle are broken by hand.
    """
    if margins is None or not _at_margin(line, margins) or not line.words:
        return None
    if above.box[0] - margins.left > 4 * above.size:
        return None
    size = max(above.size, line.size)
    first = line.words[0].right - line.words[0].left
    free = margins.right - above.box[2] - _BLANK * size - first
    if free < -0.1 * size:
        return False
    return True if free > 0.5 * size else None
