"""Ruled tables: drawn lines that cross form a grid; words are dealt to its fields by place."""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from kh_nlp.reading.pdf.words import Turn, Word

MAX_OBJECTS = 50_000
"""Drawn objects of a page that are looked at: a map or a drawing is no table."""

_THIN = 3.0  # points: what is thinner is a line
_SHORT = 6.0
_NEAR = 3.0  # points within which two lines are one, or touch
_MOST_RULES = 4000
_COVERED = 0.5  # of the side of a field that a line must cover to part it from the next
_STROKED, _FILLED = 1, 2
_IMAGE, _PATH, _FORM = 3, 2, 5


@dataclass(slots=True)
class Drawn:
    """What is drawn on a page: lines in points of the upright page, and how much images cover.

    ``level`` holds (y, x from, x to), ``upright`` (x, y from, y to). ``shapes`` counts all paths.
    """

    level: list[tuple[float, float, float]] = field(default_factory=list)
    upright: list[tuple[float, float, float]] = field(default_factory=list)
    images: float = 0.0
    shapes: int = 0
    objects: int = 0


@dataclass(slots=True)
class Grid:
    """A ruled table. ``columns`` are the edges of its columns, ``rows`` words by row and column.

    ``open``: its last row has no line below it. ``first_merged``: columns of the last row that go
    on with a field above.
    """

    columns: list[float]
    top: float
    bottom: float
    rows: list[list[list[Word]]]
    open: bool = False


class Drawing:
    """Reads what is drawn on one page after the other."""

    def __init__(self) -> None:
        import pypdfium2.raw as pdfium

        self._pdfium: Any = pdfium
        self._edges = [ctypes.c_float() for _ in range(4)]

    def read(self, page: Any, turn: Turn) -> Drawn:
        """Lines and images of a page (``pypdfium2.PdfPage``)."""
        pdfium, drawn = self._pdfium, Drawn()
        count = drawn.objects = pdfium.FPDFPage_CountObjects(page.raw)
        if count > MAX_OBJECTS:
            return drawn
        for index in range(count):
            self._object(pdfium.FPDFPage_GetObject(page.raw, index), turn, drawn, _SAME, 0)
        return drawn

    def _object(
        self, item: Any, turn: Turn, drawn: Drawn, matrix: tuple[float, ...], depth: int
    ) -> None:
        pdfium = self._pdfium
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == _PATH:
            drawn.shapes += 1
            if len(drawn.level) + len(drawn.upright) < _MOST_RULES:
                self._path(item, turn, drawn, matrix)
        elif kind == _IMAGE:
            left, top, right, bottom = self._bounds(item, turn, matrix)
            width, height = turn.size
            drawn.images += (
                max(0.0, min(right, width) - max(left, 0.0))
                * max(0.0, min(bottom, height) - max(top, 0.0))
                / max(1.0, width * height)
            )
        elif kind == _FORM and depth < 4:
            inner = pdfium.FS_MATRIX()
            pdfium.FPDFPageObj_GetMatrix(item, inner)
            own = (inner.a, inner.b, inner.c, inner.d, inner.e, inner.f)
            together = _times(own, matrix)
            count = pdfium.FPDFFormObj_CountObjects(item)
            drawn.objects += count
            if drawn.objects > MAX_OBJECTS:
                return
            for index in range(count):
                part = pdfium.FPDFFormObj_GetObject(item, index)
                self._object(part, turn, drawn, together, depth + 1)

    def _bounds(
        self, item: Any, turn: Turn, matrix: tuple[float, ...]
    ) -> tuple[float, float, float, float]:
        """Left, top, right, bottom on the upright page."""
        left, bottom, right, top = self._edges
        if not self._pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top):
            return 0.0, 0.0, 0.0, 0.0
        one = turn.place(*_moved(left.value, bottom.value, matrix))
        other = turn.place(*_moved(right.value, top.value, matrix))
        return (
            min(one[0], other[0]), min(one[1], other[1]),
            max(one[0], other[0]), max(one[1], other[1]),
        )  # fmt: skip

    def _path(self, item: Any, turn: Turn, drawn: Drawn, matrix: tuple[float, ...]) -> None:
        """A thin path is a line whatever draws it; of others the straight pieces count."""
        left, top, right, bottom = self._bounds(item, turn, matrix)
        width, height = right - left, bottom - top
        segments = self._pdfium.FPDFPath_CountSegments(item)
        if height <= _THIN and width >= _SHORT:
            drawn.level.append(((top + bottom) / 2, left, right))
        elif width <= _THIN and height >= _SHORT:
            drawn.upright.append(((left + right) / 2, top, bottom))
        elif width > _THIN and height > _THIN and 2 <= segments <= _MOST_RULES:
            self._pieces(item, segments, turn, drawn, matrix)

    def _pieces(
        self, item: Any, segments: int, turn: Turn, drawn: Drawn, matrix: tuple[float, ...]
    ) -> None:
        pdfium = self._pdfium
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
        if not (stroke.value or segments > 5):
            return  # a shaded field: its sides are no lines
        own = pdfium.FS_MATRIX()
        pdfium.FPDFPageObj_GetMatrix(item, own)
        together = _times((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
        x, y = ctypes.c_float(), ctypes.c_float()
        outline: list[tuple[float, float]] = []
        for index in range(segments):
            segment = pdfium.FPDFPath_GetPathSegment(item, index)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            here = turn.place(*_moved(x.value, y.value, together))
            kind = pdfium.FPDFPathSegment_GetType(segment)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                self._outline(outline, drawn, bool(stroke.value))
                outline = []
            elif kind == pdfium.FPDF_SEGMENT_BEZIERTO:
                outline = []
            outline.append(here)
            if pdfium.FPDFPathSegment_GetClose(segment) and len(outline) > 2:
                outline.append(outline[0])
        self._outline(outline, drawn, bool(stroke.value))

    def _outline(self, outline: Sequence[tuple[float, float]], drawn: Drawn, stroked: bool) -> None:
        """Level and upright pieces of a stroked outline; a filled one counts where it is thin."""
        if len(outline) < 2:
            return
        if not stroked:
            xs, ys = [x for x, _ in outline], [y for _, y in outline]
            if max(ys) - min(ys) <= _THIN and max(xs) - min(xs) >= _SHORT:
                drawn.level.append(((max(ys) + min(ys)) / 2, min(xs), max(xs)))
            elif max(xs) - min(xs) <= _THIN and max(ys) - min(ys) >= _SHORT:
                drawn.upright.append(((max(xs) + min(xs)) / 2, min(ys), max(ys)))
            return
        for (x1, y1), (x2, y2) in pairwise(outline):
            if abs(y1 - y2) <= 1 and abs(x1 - x2) >= _SHORT:
                drawn.level.append(((y1 + y2) / 2, min(x1, x2), max(x1, x2)))
            elif abs(x1 - x2) <= 1 and abs(y1 - y2) >= _SHORT:
                drawn.upright.append(((x1 + x2) / 2, min(y1, y2), max(y1, y2)))


_SAME = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def _times(one: tuple[float, ...], other: tuple[float, ...]) -> tuple[float, ...]:
    if other == _SAME:
        return one
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return (
        a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s,
        e * p + f * r + t, e * q + f * s + u,
    )  # fmt: skip


def _moved(x: float, y: float, matrix: tuple[float, ...]) -> tuple[float, float]:
    if matrix == _SAME:
        return x, y
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


_Rule = tuple[float, float, float]


def find_grids(drawn: Drawn, words: Sequence[Word]) -> tuple[list[Grid], list[Word]]:
    """Ruled tables from the top downwards, and the words that stand in none."""
    if len(drawn.level) < 2 or len(drawn.upright) < 2:
        return [], list(words)
    level, upright = _merged(drawn.level), _merged(drawn.upright)
    found: list[tuple[Grid, _Fields]] = []
    for rules in _crossing(level, upright):
        fields = _fields(*rules)
        if fields is not None:
            rows: list[list[list[Word]]] = [[[] for _ in fields.xs[1:]] for _ in fields.ys[1:]]
            grid = Grid(fields.xs, fields.ys[0], fields.ys[-1], rows, fields.open)
            found.append((grid, fields))
    if not found:
        return [], list(words)
    rest: list[Word] = []
    for word in words:
        x, y = word.middle
        for grid, fields in found:
            place = fields.place(x, y)
            if place is not None:
                grid.rows[place[0]][place[1]].append(word)
                break
        else:
            rest.append(word)
    grids = [grid for grid, _ in found if any(any(row) for row in grid.rows)]
    return sorted(grids, key=lambda grid: grid.top), rest


@dataclass(slots=True)
class _Fields:
    """Edges of columns and rows; ``heads``: for each field the one that its merged cell begins."""

    xs: list[float]
    ys: list[float]
    heads: list[list[tuple[int, int]]]
    open: bool

    def place(self, x: float, y: float) -> tuple[int, int] | None:
        """The row and column that a point belongs to."""
        if not (self.xs[0] < x < self.xs[-1] and self.ys[0] < y < self.ys[-1]):
            return None
        return self.heads[bisect_right(self.ys, y) - 1][bisect_right(self.xs, x) - 1]


def _merged(rules: Sequence[_Rule]) -> list[_Rule]:
    """Pieces of one line put together."""
    out: list[_Rule] = []
    lane: list[_Rule] = []
    for rule in sorted(rules):
        if lane and rule[0] - lane[0][0] > _NEAR:
            out += _lane(lane)
            lane = []
        lane.append(rule)
    return out + _lane(lane)


def _lane(rules: list[_Rule]) -> list[_Rule]:
    out: list[_Rule] = []
    for at, low, high in sorted(rules, key=lambda rule: rule[1]):
        if out and low - out[-1][2] <= _NEAR:
            out[-1] = (out[-1][0], out[-1][1], max(out[-1][2], high))
        else:
            out.append((at, low, high))
    return out


def _crossing(
    level: Sequence[_Rule], upright: Sequence[_Rule]
) -> list[tuple[list[_Rule], list[_Rule]]]:
    """Lines in sets that touch each other, directly or through others."""
    owner = list(range(len(level) + len(upright)))

    def root(at: int) -> int:
        while owner[at] != at:
            owner[at] = owner[owner[at]]
            at = owner[at]
        return at

    for number, (x, top, bottom) in enumerate(upright, len(level)):
        for index, (y, left, right) in enumerate(level):
            if y < top - _NEAR or x < left - _NEAR or x > right + _NEAR:
                continue
            if y > bottom + _NEAR:
                break  # level lines are sorted by y
            owner[root(index)] = root(number)
    sets: dict[int, tuple[list[_Rule], list[_Rule]]] = {}
    for index, rule in enumerate(level):
        sets.setdefault(root(index), ([], []))[0].append(rule)
    for number, rule in enumerate(upright, len(level)):
        sets.setdefault(root(number), ([], []))[1].append(rule)
    return [rules for rules in sets.values() if rules[0] and len(rules[1]) > 1]


def _fields(level: list[_Rule], upright: list[_Rule]) -> _Fields | None:
    """The fields of a grid; ``None`` for a frame with a single column."""
    xs, ys = _places(level, upright), _places(upright, level)
    if len(xs) < 3 or len(ys) < 2:
        return None
    across, down = len(xs) - 1, len(ys) - 1
    lanes_y, lanes_x = _by_place(level, ys), _by_place(upright, xs)
    heads: list[list[tuple[int, int]]] = []
    for row in range(down):
        line: list[tuple[int, int]] = []
        heads.append(line)
        for column in range(across):
            left, right = xs[column], xs[column + 1]
            top, bottom = ys[row], ys[row + 1]
            above = heads[row - 1][column] if row else None
            if above is not None and not _covered(lanes_y[row], left, right):
                line.append(above)
            elif column and not _covered(lanes_x[column], top, bottom):
                line.append(line[column - 1])
            else:
                line.append((row, column))
    closed = sum(_covered(lanes_y[-1], a, b) for a, b in pairwise(xs))
    return _Fields(xs, ys, heads, closed * 2 < across)


def _places(across: Sequence[_Rule], own: Sequence[_Rule]) -> list[float]:
    """Where lines stand, and where those across them end if no line stands there."""
    found: list[float] = []
    for at in sorted([rule[0] for rule in own]):
        if not found or at - found[-1] > _NEAR:
            found.append(at)
    ends = [min(rule[1] for rule in across), max(rule[2] for rule in across)]
    if ends[0] < found[0] - 2 * _NEAR:
        found.insert(0, ends[0])
    if ends[1] > found[-1] + 2 * _NEAR:
        found.append(ends[1])
    return found


def _by_place(rules: Sequence[_Rule], places: Sequence[float]) -> list[list[_Rule]]:
    lanes: list[list[_Rule]] = [[] for _ in places]
    for rule in rules:
        near = min(range(len(places)), key=lambda index: abs(places[index] - rule[0]))
        if abs(places[near] - rule[0]) <= _NEAR:
            lanes[near].append(rule)
    return lanes


def _covered(lane: Sequence[_Rule], low: float, high: float) -> bool:
    covered = sum(max(0.0, min(end, high) - max(start, low)) for _, start, end in lane)
    return covered >= _COVERED * (high - low)
