"""Ruled tables found by their lines, before any text is read.

Long level and upright strokes are kept by morphology; where they meet and hang together they are a
table. Its rows and columns lie between the places of the strokes; two neighbouring fields between
which no stroke is drawn are one merged cell. Units: pixels of the page at 300 dpi.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from kh_nlp.reading.scan.deskew import halved, ink, shapes
from kh_nlp.reading.scan.tesseract import Gray

Box = tuple[int, int, int, int]
"""left, top, right, bottom."""

# in pixels of the page at half size, at which strokes are sought:
_LEVEL, _UPRIGHT = 55, 38  # shortest strokes that are no part of a letter (a capital has 22)
_NEAR = 7  # strokes this close are one line of the grid, drawn twice or a little slanted
_DRAWN = 0.55  # share of a border that must be drawn to part two cells


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell over rows ``row`` .. ``row + rows - 1``, likewise for columns."""

    row: int
    column: int
    rows: int
    columns: int
    box: Box


@dataclass(frozen=True, slots=True)
class Grid:
    """``ys`` and ``xs`` are the places of the lines: one more than there are rows and columns."""

    ys: tuple[int, ...]
    xs: tuple[int, ...]
    cells: tuple[GridCell, ...]

    @property
    def box(self) -> Box:
        """Outline of the table."""
        return (self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])


@dataclass(frozen=True, slots=True)
class Ruling:
    """Everything drawn on a page: its tables, and a mask of all long strokes, at half its size."""

    grids: tuple[Grid, ...]
    strokes: Any


def find_ruling(gray: Gray) -> Ruling:
    """Tables of at least two columns, from the top of the page to its foot.

    ``gray`` must be level and evenly lit. A frame around a single field is no table.
    """
    import cv2
    import numpy as np

    # at half size: a quarter of the work, and a rule of two pixels is still dark enough
    dark = ink(halved(gray), 200)
    level = _strokes(dark, upright=False)
    upright = _strokes(dark, upright=True)
    if not cv2.countNonZero(upright):
        return Ruling((), level)
    # strokes that end a little before they meet are made to touch
    joined = cv2.bitwise_or(
        cv2.dilate(level, np.ones((1, 7), np.uint8)),
        cv2.dilate(upright, np.ones((7, 1), np.uint8)),
    )
    labels, stats = shapes(joined, least=_UPRIGHT)
    grids: list[Grid] = []
    for index in range(1, len(stats)):
        left, top, width, height, _ = (int(value) for value in stats[index])
        if width < 150 or height < 30:
            continue
        part = (slice(top, top + height), slice(left, left + width))
        own = (labels[part] == index).astype(np.uint8) * 255
        grid = _grid(level[part] & own, upright[part] & own, left, top)
        if grid is not None:
            grids.append(grid)
    outer = [g for g in grids if not any(o is not g and _within(g.box, o.box) for o in grids)]
    return Ruling(tuple(sorted(outer, key=lambda grid: grid.ys[0])), level | upright)


def without_strokes(gray: Gray, ruling: Ruling) -> Gray:
    """The page with its long strokes painted over and all its text left."""
    import cv2
    import numpy as np

    if not cv2.countNonZero(ruling.strokes):
        return gray
    broad = cv2.dilate(ruling.strokes, np.ones((3, 3), np.uint8))
    height, width = gray.shape
    paint = cv2.resize(broad, (width, height), interpolation=cv2.INTER_NEAREST)
    return cv2.max(gray, paint).astype(np.uint8, copy=False)


def without_tables(gray: Gray, grids: Sequence[Grid]) -> Gray:
    """The page with paper where its tables are."""
    out = gray.copy()
    for grid in grids:
        left, top, right, bottom = grid.box
        out[max(0, top - 6) : bottom + 7, max(0, left - 6) : right + 7] = 255
    return out


def _strokes(dark: Any, upright: bool) -> Any:
    """Long strokes in one direction, the gaps that noise and JPEG tear into thin rules closed.

    Only runs that are no part of a letter may be joined: closing gaps in everything would make
    strokes of whole lines of text.
    """
    import cv2
    import numpy as np

    def kernel(length: int) -> Any:
        return np.ones((length, 1) if upright else (1, length), np.uint8)

    runs = cv2.morphologyEx(dark, cv2.MORPH_OPEN, kernel(24 if upright else 20))
    if not cv2.countNonZero(runs):
        return runs
    closed = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, kernel(9))
    return cv2.morphologyEx(closed, cv2.MORPH_OPEN, kernel(_UPRIGHT if upright else _LEVEL))


def _grid(level: Any, upright: Any, left: int, top: int) -> Grid | None:
    ys = _places(level, axis=1, shortest=_LEVEL)
    xs = _places(upright, axis=0, shortest=_UPRIGHT)
    if len(ys) < 2 or len(xs) < 3:
        return None
    fields = _merge(level, upright, ys, xs)
    if len({(r, c) for r, c in fields.values()}) < 2:
        return None
    ys_page, xs_page = [2 * (y + top) for y in ys], [2 * (x + left) for x in xs]
    cells = _cells(fields, ys_page, xs_page)
    if max(cell.column for cell in cells) == 0:
        return None  # fields one below the other: boxes around text
    return Grid(tuple(ys_page), tuple(xs_page), tuple(cells))


def _places(mask: Any, axis: int, shortest: int) -> list[int]:
    """Where the strokes of one direction lie; a slightly slanted stroke counts once."""
    import cv2

    _, _, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    across, along = (cv2.CC_STAT_HEIGHT, cv2.CC_STAT_WIDTH)
    if axis == 0:
        across, along = along, across
    found = sorted(
        (float(centres[k][1 if axis == 1 else 0]), int(stats[k][along]))
        for k in range(1, len(stats))
        if stats[k][along] >= shortest and stats[k][across] <= 20
    )
    places: list[int] = []
    group: list[tuple[float, int]] = []
    for place, length in found:
        if group and place - group[-1][0] > _NEAR:
            places.append(_middle(group))
            group = []
        group.append((place, length))
    if group:
        places.append(_middle(group))
    return places


def _middle(group: Sequence[tuple[float, int]]) -> int:
    return round(sum(p * n for p, n in group) / sum(n for _, n in group))


def _merge(
    level: Any, upright: Any, ys: Sequence[int], xs: Sequence[int]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Every field of the grid to the first field of the merged cell that it belongs to."""
    root = {(r, c): (r, c) for r in range(len(ys) - 1) for c in range(len(xs) - 1)}

    def find(field: tuple[int, int]) -> tuple[int, int]:
        while root[field] != field:
            field = root[field]
        return field

    for r, (top, bottom) in enumerate(pairwise(ys)):
        for c, (left, right) in enumerate(pairwise(xs)):
            if c and not _is_drawn(upright[top + 2 : bottom - 1, max(0, left - 4) : left + 5], 1):
                _unite(root, find((r, c - 1)), find((r, c)))
            if r and not _is_drawn(level[max(0, top - 4) : top + 5, left + 2 : right - 1], 0):
                _unite(root, find((r - 1, c)), find((r, c)))
    return {field: find(field) for field in root}


def _unite(
    root: dict[tuple[int, int], tuple[int, int]], one: tuple[int, int], other: tuple[int, int]
) -> None:
    first, second = sorted((one, other))
    root[second] = first


def _is_drawn(strip: Any, axis: int) -> bool:
    """Whether a stroke runs along most of a border; ``axis`` is the one across it."""
    if strip.size == 0:
        return True
    return bool((strip > 0).any(axis=axis).mean() >= _DRAWN)


def _cells(
    fields: dict[tuple[int, int], tuple[int, int]], ys: Sequence[int], xs: Sequence[int]
) -> list[GridCell]:
    """Merged cells in reading order; one that is no rectangle is read as its outline."""
    members: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for field, first in fields.items():
        members.setdefault(first, []).append(field)
    cells: list[GridCell] = []
    for own in members.values():
        rows, columns = [r for r, _ in own], [c for _, c in own]
        row, column = min(rows), min(columns)
        last_row, last_column = max(rows), max(columns)
        if len(own) != (last_row - row + 1) * (last_column - column + 1):
            # a missing piece of rule: better every field by itself than text read twice
            cells += [GridCell(r, c, 1, 1, (xs[c], ys[r], xs[c + 1], ys[r + 1])) for r, c in own]
            continue
        box = (xs[column], ys[row], xs[last_column + 1], ys[last_row + 1])
        cells.append(GridCell(row, column, last_row - row + 1, last_column - column + 1, box))
    return sorted(cells, key=lambda cell: (cell.row, cell.column))


def _within(inner: Box, outer: Box) -> bool:
    return (
        inner[0] >= outer[0]
        and inner[1] >= outer[1]
        and inner[2] <= outer[2]
        and inner[3] <= outer[3]
    )
