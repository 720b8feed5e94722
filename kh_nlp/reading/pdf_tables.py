"""Ruled tables of a PDF page, found by their lines; the words in them come from the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kh_nlp.reading.pdf_words import Word

_THIN = 3.0  # points: a longer side makes a line, a thicker one a box
_SHORT = 8.0
_NEAR = 2.5  # points within which two lines are one
_MOST = 4000  # drawn objects of a page that are looked at: a map is no table


@dataclass(frozen=True, slots=True)
class Table:
    """Words by row and column, and the edges of the columns. A merged cell is empty but once.

    ``cut``: the table reaches the foot or begins at the head of its page.
    """

    rows: list[list[list[Word]]]
    edges: tuple[float, ...]
    top: float
    bottom: float
    cut: bool


@dataclass(frozen=True, slots=True)
class _Stroke:
    at: float  # y of a level line, x of an upright one
    low: float
    high: float


def ruled_tables(page: Any, words: Sequence[Word], height: float) -> tuple[list[Table], set[int]]:
    """Tables of a page from top to bottom, and the ids of the words that stand in them."""
    level, upright = _strokes(page, height)
    if len(level) < 2 or len(upright) < 2:
        return [], set()
    found: list[Table] = []
    inside: set[int] = set()
    for group in _grids(level, upright):
        table = _table(*group, words, height)
        if table is not None:
            found.append(table)
            inside.update(id(w) for row in table.rows for cell in row for w in cell)
    return sorted(found, key=lambda table: table.top), inside


def _strokes(page: Any, height: float) -> tuple[list[_Stroke], list[_Stroke]]:
    """Level and upright lines: thin paths, and the sides of drawn boxes."""
    import pypdfium2.raw as pdfium

    level: list[_Stroke] = []
    upright: list[_Stroke] = []
    for count, item in enumerate(page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_PATH,), max_depth=4)):
        if count > _MOST:
            return [], []
        left, bottom, right, top = item.get_bounds()
        top, bottom = height - top, height - bottom
        if right - left > _SHORT and bottom - top <= _THIN:
            level.append(_Stroke((top + bottom) / 2, left, right))
        elif bottom - top > _SHORT and right - left <= _THIN:
            upright.append(_Stroke((left + right) / 2, top, bottom))
        elif right - left > _SHORT and bottom - top > _SHORT and not _filled(pdfium, item):
            level += [_Stroke(top, left, right), _Stroke(bottom, left, right)]
            upright += [_Stroke(left, top, bottom), _Stroke(right, top, bottom)]
    return _merged(level), _merged(upright)


def _filled(pdfium: Any, item: Any) -> bool:
    """Whether a box is only filled, as shading is: its sides are no lines."""
    import ctypes

    mode, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item.raw, ctypes.byref(mode), ctypes.byref(stroke))
    return not stroke.value


def _merged(strokes: list[_Stroke]) -> list[_Stroke]:
    """Pieces of one line put together."""
    out: list[_Stroke] = []
    for stroke in sorted(strokes, key=lambda s: (round(s.at / _NEAR), s.low)):
        last = out[-1] if out else None
        if last and abs(last.at - stroke.at) < _NEAR and stroke.low - last.high < 2 * _NEAR:
            out[-1] = _Stroke(last.at, last.low, max(last.high, stroke.high))
        else:
            out.append(stroke)
    return out


def _grids(
    level: list[_Stroke], upright: list[_Stroke]
) -> list[tuple[list[_Stroke], list[_Stroke]]]:
    """Lines that touch each other, directly or through others."""
    groups: list[tuple[list[_Stroke], list[_Stroke]]] = []
    for stroke in upright:
        touching = [group for group in groups if any(_cross(line, stroke) for line in group[0])]
        lines = [line for line in level if _cross(line, stroke)]
        merged: tuple[list[_Stroke], list[_Stroke]] = ([], [stroke])
        for group in touching:
            groups.remove(group)
            merged[0].extend(group[0])
            merged[1].extend(group[1])
        merged[0].extend(line for line in lines if line not in merged[0])
        groups.append(merged)
    return [group for group in groups if len(group[0]) > 1 and len(group[1]) > 1]


def _cross(level: _Stroke, upright: _Stroke) -> bool:
    return (
        level.low - _NEAR <= upright.at <= level.high + _NEAR
        and upright.low - _NEAR <= level.at <= upright.high + _NEAR
    )


def _places(strokes: list[_Stroke]) -> list[float]:
    found: list[float] = []
    for at in sorted(stroke.at for stroke in strokes):
        if not found or at - found[-1] > _NEAR:
            found.append(at)
    return found


def _table(
    level: list[_Stroke], upright: list[_Stroke], words: Sequence[Word], height: float
) -> Table | None:
    ys, xs = _places(level), _places(upright)
    if len(ys) < 2 or len(xs) < 3:
        return None
    rows: list[list[list[Word]]] = [[[] for _ in xs[1:]] for _ in ys[1:]]
    owner = _owners(level, upright, ys, xs)
    for word in words:
        y, x = (word.top + word.bottom) / 2, (word.left + word.right) / 2
        if not (ys[0] < y < ys[-1] and xs[0] < x < xs[-1]):
            continue
        row = next(i for i in range(len(ys) - 1) if y < ys[i + 1])
        column = next(i for i in range(len(xs) - 1) if x < xs[i + 1])
        row, column = owner[row][column]
        rows[row][column].append(word)
    kept = [row for row in rows if any(row)]
    if not kept:
        return None
    cut = ys[-1] > 0.86 * height or ys[0] < 0.16 * height
    return Table(kept, tuple(xs), ys[0], ys[-1], cut)


def _owners(
    level: list[_Stroke], upright: list[_Stroke], ys: list[float], xs: list[float]
) -> list[list[tuple[int, int]]]:
    """For each field of the grid the field at the head of its merged cell."""
    owner = [[(r, c) for c in range(len(xs) - 1)] for r in range(len(ys) - 1)]
    for r in range(len(ys) - 1):
        for c in range(len(xs) - 1):
            middle_x, middle_y = (xs[c] + xs[c + 1]) / 2, (ys[r] + ys[r + 1]) / 2
            if r and not _drawn(level, ys[r], middle_x):
                owner[r][c] = owner[r - 1][c]
            elif c and not _drawn(upright, xs[c], middle_y):
                owner[r][c] = owner[r][c - 1]
    return owner


def _drawn(strokes: list[_Stroke], at: float, across: float) -> bool:
    return any(abs(s.at - at) < _NEAR and s.low - 1 < across < s.high + 1 for s in strokes)
