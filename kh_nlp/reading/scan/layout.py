"""Words on a page to lines in reading order.

Heads and signatures are set in two columns without rules: their left column is read first, then
the right one. Page numbers are dropped. A new paragraph shows by a wider gap above its first
line or by its indent. Units: pixels of the page at 300 dpi; ``size`` is the type size (em).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from kh_nlp.reading.scan.grid import Box
from kh_nlp.reading.scan.paragraphs import OWN_LINE, mark_paragraphs
from kh_nlp.reading.scan.printed import PrintedLine, body_size, size_of
from kh_nlp.reading.scan.tesseract import Word

_PAGE_NUMBER = re.compile(r"^[-–—~.\s]*(?:Trang\s*)?[\dIlOoSZ|]{1,3}(?:\s*/\s*\d{1,3})?[-–—~.\s]*$")
_RECIPIENT = re.compile(r"^(?:Nơi nhận|[-–]\s)")
_PARTED = 0.42  # of the width: where the columns of heads and signatures usually part
_NATION = re.compile(r"CỘNG H[ÒÓO][AÀ]|^ĐẢNG CỘNG")
_SIGNS = re.compile(r"[-–—+*•·…“”\"()\[\]<>=≥≤&%/.,:;?!']")  # signs that are printed in documents
_SPECKS = ("'", "‘", "`", "´", "ˆ", "˜", "¬", "°", "--")  # never printed by themselves
_BULLET = re.compile(r"^[-+*•–—·]\s")


def find_lines(words: Sequence[Word], width: int, height: int) -> list[PrintedLine]:
    """Lines of a page of ``width`` x ``height`` in reading order, without its number."""
    fragments = _without_scraps(find_fragments(words))
    if not fragments:
        return []
    rows = _rows(fragments)
    rows = _without_page_number(rows, width, height)
    out: list[PrintedLine] = []
    at = 0
    while at < len(rows):
        region = _columns(rows, at, width)
        if region is None:
            out.append(_joined(rows[at]))
            at += 1
            continue
        start, end, left, right = region
        if start < at:  # a line above belongs to the right column
            del out[start - at :]
        for column in (left, right):
            out += _in_column(column)
        at = end
    return mark_paragraphs(out)


def find_fragments(words: Sequence[Word]) -> list[PrintedLine]:
    """The engine's lines, broken between columns, in its order and without regard to the page."""
    return _fragments(words)


def cell_lines(words: Sequence[Word]) -> list[PrintedLine]:
    """The lines of a table cell, from the top down."""
    return [_joined(row) for row in _rows(_fragments(words, None))]


def _fragments(words: Sequence[Word], gap: float | None = 1.6) -> list[PrintedLine]:
    """The engine's lines, broken where a wide gap (in ems) parts two columns."""
    lines: dict[tuple[int, int, int], list[Word]] = {}
    for word in words:
        if not _is_dirt(word):
            lines.setdefault(word.line, []).append(word)
    out: list[PrintedLine] = []
    for own in lines.values():
        own.sort(key=lambda word: word.left)
        own = _without_stray_ends(own)
        size = size_of(own) if own else 0.0
        own = [word for word in own if word.confidence > 30 or word.height > 0.3 * size]
        piece: list[Word] = []
        for word in own:
            apart = piece and gap is not None and word.left - piece[-1].right > gap * size
            if piece and (apart or (gap is not None and _nation_begins(piece, word, own))):
                out.append(_line(piece))
                piece = []
            piece.append(word)
        if piece:
            out.append(_line(piece))
    out = [line for line in out if any(word.has_letters for word in line.words)]
    usual = body_size(out) if out else 0.0
    # marks torn from the letters they belong to, as the dots below of "ỦY BAN"
    return [line for line in out if line.box[3] - line.box[1] > 0.33 * usual or gap is None]


def _without_scraps(lines: list[PrintedLine]) -> list[PrintedLine]:
    """Without short pieces too close to a line above or below them: marks torn from its letters."""
    return [
        line
        for line in lines
        if not (
            len(line.text) < 4
            and any(
                len(other.text) > 6
                and 0.3 * other.size < abs(other.baseline - line.baseline) < 0.8 * other.size
                and other.box[0] - other.size < line.box[0] < other.box[2]
                for other in lines
            )
        )
    ]


def _nation_begins(piece: Sequence[Word], word: Word, line: Sequence[Word]) -> bool:
    """Whether the national motto begins here, so that the right column of a head does."""
    at = next(i for i, other in enumerate(line) if other is word)
    ahead = " ".join(other.text for other in line[at : at + 3])
    return bool(_NATION.match(ahead)) and word.left - piece[-1].right > 0.3 * word.height


def _is_dirt(word: Word) -> bool:
    """Specks and rests of rules read as signs."""
    if word.has_letters:
        return False
    if word.text in _SPECKS:
        return True
    if not _SIGNS.search(word.text):
        return word.confidence < 80
    return word.confidence < 35


def _without_stray_ends(words: list[Word]) -> list[Word]:
    """Without a sign that stands apart at an end of a line: ". ", ": " after a blank."""
    size = size_of(words) if words else 0.0
    while len(words) > 1 and re.fullmatch(r"[.,:;'`‘’\"|!°_~^]+", words[-1].text):
        if words[-1].left - words[-2].right < 0.12 * size:
            break
        words = words[:-1]
    while len(words) > 1 and re.fullmatch(r"[.,:;]", words[0].text):
        words = words[1:]
    return words


def _line(words: Sequence[Word]) -> PrintedLine:
    box = (
        min(word.left for word in words),
        min(word.top for word in words),
        max(word.right for word in words),
        max(word.bottom for word in words),
    )
    letters = sum(len(word.text) for word in words)
    sure = sum(word.confidence * len(word.text) for word in words) / letters
    text = " ".join(word.text for word in words)
    return PrintedLine(text, box, size_of(words), sure, words=tuple(words))


def _joined(fragments: Sequence[PrintedLine]) -> PrintedLine:
    if len(fragments) == 1:
        return fragments[0]
    return _line(sorted((w for part in fragments for w in part.words), key=lambda w: w.left))


def _middle(line: PrintedLine) -> float:
    return (line.box[0] + line.box[2]) / 2


def _rows(fragments: Sequence[PrintedLine]) -> list[list[PrintedLine]]:
    """Fragments at one height side by side, rows from the top down."""
    rows: list[list[PrintedLine]] = []
    for part in sorted(fragments, key=lambda line: line.baseline):
        for row in rows[-3:]:
            close = abs(part.baseline - median(p.baseline for p in row)) < 0.4 * part.size
            if close and not any(_overlap(part.box, other.box) for other in row):
                row.append(part)
                break
        else:
            rows.append([part])
    for row in rows:
        row.sort(key=lambda line: line.box[0])
    return rows


def _overlap(one: Box, other: Box) -> bool:
    shared = min(one[2], other[2]) - max(one[0], other[0])
    return shared > 0.2 * min(one[2] - one[0], other[2] - other[0])


def _without_page_number(
    rows: list[list[PrintedLine]], width: int, height: int
) -> list[list[PrintedLine]]:
    """A lone number at the head or the foot, in the middle or at the right, is the page's."""
    for index in (0, -1):
        if not rows or len(rows[index]) != 1:
            continue
        line = rows[index][0]
        placed = abs(_middle(line) - width / 2) < 0.15 * width or line.box[2] > 0.8 * width
        # a digit by itself is often misread, and then with little belief
        number = _PAGE_NUMBER.match(line.text) or (len(line.text) < 4 and line.confidence < 75)
        near = line.box[1] < 0.12 * height if index == 0 else line.box[1] > 0.88 * height
        if placed and near and number:
            rows = rows[1:] if index == 0 else rows[:-1]
    return rows


def _columns(
    rows: Sequence[Sequence[PrintedLine]], at: int, width: int
) -> tuple[int, int, list[PrintedLine], list[PrintedLine]] | None:
    """A stretch of rows in two columns that begins at ``at`` or a little above.

    (first row, row behind the last, left lines, right lines).
    """
    if len(rows[at]) < 2:
        return None
    # not the blanks left for a number or a date, which lie inside a column
    gaps = [
        (
            b.box[0] - a.box[2] - 0.5 * abs((a.box[2] + b.box[0]) / 2 - _PARTED * width),
            index,
        )
        for index, (a, b) in enumerate(pairwise(rows[at]))
    ]
    split = max(gaps)[1] + 1
    left, right = [_joined(rows[at][:split])], [_joined(rows[at][split:])]
    limits = (max(line.box[2] for line in left), min(line.box[0] for line in right))
    end = at + 1
    while end < len(rows):
        sides = _sides(rows[end], limits, right, rows[end - 1])
        if sides is None:
            break
        left += sides[0]
        right += sides[1]
        limits = (
            max(limits[0], *(line.box[2] for line in sides[0]), 0),
            min(limits[1], *(line.box[0] for line in sides[1]), width),
        )
        end += 1
    start = _extend_upwards(rows, at, limits, left, right)
    # one broken row between lines that run across is no column but a wide blank
    if len(left) + len(right) < 3 and limits[1] - limits[0] < 4 * left[0].size:
        return None
    return start, end, left, right


def _extend_upwards(
    rows: Sequence[Sequence[PrintedLine]],
    at: int,
    limits: tuple[int, int],
    left: list[PrintedLine],
    right: list[PrintedLine],
) -> int:
    """The first row of the columns, when lines of only one of them stand above row ``at``.

    The right column of a signature may begin higher or lower than "Nơi nhận:" in the left one.
    """
    more_left: list[PrintedLine] = []
    more_right: list[PrintedLine] = []
    start = at
    while start > 0 and len(rows[start - 1]) == 1:
        line = rows[start - 1][0]
        if line.text.isupper() and line.box[0] > limits[0]:
            if abs(_middle(line) - _centre(right)) > 2 * line.size:
                break
            more_right.insert(0, line)
        elif _RECIPIENT.match(line.text) and line.box[2] < limits[1]:
            more_left.insert(0, line)
        else:
            break
        start -= 1
        if line.text.startswith("Nơi nhận"):
            break
    if more_left and not more_left[0].text.startswith("Nơi nhận"):
        return at  # an ordinary list above
    left[:0], right[:0] = more_left, more_right
    return start


def _centre(lines: Sequence[PrintedLine]) -> float:
    return median(_middle(line) for line in lines)


def _sides(
    row: Sequence[PrintedLine],
    limits: tuple[int, int],
    right: Sequence[PrintedLine],
    above: Sequence[PrintedLine],
) -> tuple[list[PrintedLine], list[PrintedLine]] | None:
    """The lines of a row by column; ``None`` when one runs across the gap between the columns."""
    lefts: list[PrintedLine] = []
    rights: list[PrintedLine] = []
    apart = row[0].baseline - above[-1].baseline
    for line in row:
        off = abs(_middle(line) - _centre(right))
        if line.box[2] < limits[1] and line.box[0] < limits[0]:
            if apart > 3.5 * line.size and len(row) == 1:
                return None  # text below the signature
            lefts.append(line)
        elif line.box[0] > limits[0] and off < 4 * line.size and apart < 12 * line.size:
            rights.append(line)
        else:
            return None
    return [_joined(part) for part in (lefts,) if part], [
        _joined(part) for part in (rights,) if part
    ]


def _in_column(lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    """Lines of a column, flagged so that a name or a bullet begins a paragraph of its own."""
    out: list[PrintedLine] = []
    for index, line in enumerate(lines):
        above = lines[index - 1] if index else None
        goes_on = above is not None and _goes_on_below(above, line)
        out.append(replace(line, in_cell=goes_on, after_blank=not goes_on))
    return out


def _goes_on_below(above: PrintedLine, line: PrintedLine) -> bool:
    if line.baseline - above.baseline > 2.2 * line.size or _BULLET.match(line.text):
        return False
    if OWN_LINE.match(line.text):
        return False
    if above.text.isupper() or line.text.isupper():
        return above.text.isupper() and line.text.isupper()
    return line.text[:1].islower() or bool(_BULLET.match(above.text))
