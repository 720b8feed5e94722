"""Figures ``tasks`` and ``task_fields``: the rows of tables that assign work, and their cells."""

from __future__ import annotations

from collections.abc import Sequence

from kh_nlp.evaluation.figures import Fault, Figure, f1, of_checks
from kh_nlp.evaluation.gold import GoldTask
from kh_nlp.evaluation.likeness import alike, likeness, listed
from kh_nlp.model import Task

_ROW_LIKENESS = 0.85
_CELL_LIKENESS = 0.85
_SAME_ORDER = 0.01
"""Among rows of like content the one with the printed number is meant (rows are repeated)."""

Pair = tuple[GoldTask, Task | None]


def pair_rows(rows: Sequence[Task], expected: Sequence[GoldTask]) -> list[Pair]:
    """Each expected row with the row that was found for it, or None; no row is used twice.

    The pairs are those with the greatest sum of likeness (assignment problem, Hungarian method of
    ``scipy.optimize.linear_sum_assignment``), so that the order of rows does not matter.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    if not rows:
        return [(wanted, None) for wanted in expected]
    scores = np.array([[_row_likeness(row, wanted) for row in rows] for wanted in expected])
    places = {int(i): int(j) for i, j in zip(*linear_sum_assignment(scores, True), strict=True)}
    return [
        (wanted, rows[places[i]] if i in places and scores[i, places[i]] > 0 else None)
        for i, wanted in enumerate(expected)
    ]


def _row_likeness(row: Task, wanted: GoldTask) -> float:
    """Likeness of content, 0 where the two cannot be one row."""
    same_order = row.order == wanted.order
    if wanted.content is None:
        return 1.0 if same_order else 0.0
    alikeness = likeness(row.content, wanted.content, _ROW_LIKENESS - _SAME_ORDER)
    alikeness += _SAME_ORDER if same_order else 0.0
    return alikeness if alikeness >= _ROW_LIKENESS else 0.0


def tasks_figure(
    rows: Sequence[Task], expected: Sequence[GoldTask], pairs: Sequence[Pair], *, partial: bool
) -> Figure:
    """F1 of rows; with ``partial`` the reading lists only some, and more rows are no fault."""
    used = {id(row) for _, row in pairs if row is not None}
    extra = [] if partial else [row for row in rows if id(row) not in used]
    faults = [
        Fault(where=_named(wanted.order), expected=wanted.content, found=None)
        for wanted, row in pairs
        if row is None
    ]
    faults += [Fault(where=_named(row.order), expected=None, found=row.content) for row in extra]
    value = f1(len(used), len(used) + len(extra), len(expected))
    return Figure(value=value, faults=tuple(faults))


def fields_figure(pairs: Sequence[Pair]) -> Figure | None:
    """Share of the filled cells that are read right; a row that was not found has none right."""
    checks = []
    for wanted, row in pairs:
        for name, cell in wanted.cells.items():
            mine = None if row is None else _cell(row, name)
            right = row is not None and alike(mine, cell, _CELL_LIKENESS)
            where = f"{_named(wanted.order)}.{name}"
            checks.append(None if right else Fault(where=where, expected=cell, found=mine))
    return of_checks(checks) if checks else None


def _cell(row: Task, name: str) -> str | None:
    value = getattr(row, name)
    return listed(value) or None if isinstance(value, tuple) else value


def _named(order: int | None) -> str:
    return "–" if order is None else str(order)
