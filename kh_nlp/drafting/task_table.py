"""The task table: like tasks of kindred plans merged, bodies at the issuer's own level."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from kh_nlp.drafting.bodies import column_of, counterpart
from kh_nlp.drafting.choosing import overlap, words_of
from kh_nlp.drafting.records import Origin, Paragraph, TaskRow
from kh_nlp.drafting.slots import Rewriter
from kh_nlp.drafting.sources import SourcePlan
from kh_nlp.drafting.target import Target
from kh_nlp.drafting.tracing import GAP, located
from kh_nlp.model import Task
from kh_nlp.places import body, is_current

LIKE = 0.3
"""Likeness of the words of two tasks from which they are one row."""

MOST = 15


@dataclass(slots=True)
class _Row:
    tasks: list[tuple[SourcePlan, Task]] = field(default_factory=list)
    words: list[frozenset[str]] = field(default_factory=list)

    @property
    def weight(self) -> float:
        return sum({s.plan.plan_id: s.weight for s, _ in self.tasks}.values())

    @property
    def plans(self) -> int:
        return len({s.plan.plan_id for s, _ in self.tasks})


def task_table(
    sources: Sequence[SourcePlan], target: Target, rewriters: dict[str, Rewriter]
) -> tuple[TaskRow, ...]:
    """Rows that most kindred plans have, then those of the nearest plan; none without a table.

    As many rows as the tables of those plans usually have, at most ``MOST``.
    """
    tables = [(s, _tasks(s)) for s in sources]
    tables = [(s, found) for s, found in tables if len(found) >= 2]
    if not tables:
        return ()
    rows: list[_Row] = []
    for source, tasks in sorted(tables, key=lambda item: -item[0].weight):
        for task in tasks:
            words = words_of(task.content or "")
            scores = [
                (max(overlap(words, w) for w in row.words), at) for at, row in enumerate(rows)
            ]
            score, best = max(scores, default=(0.0, -1))
            if score >= LIKE:
                rows[best].tasks.append((source, task))
                rows[best].words.append(words)
            else:
                rows.append(_Row([(source, task)], [words]))
    size = min(MOST, round(median(len(found) for _, found in tables)))
    wanted = target.seat.column
    ranked = sorted(
        enumerate(rows),
        key=lambda item: (
            -item[1].weight
            - 0.5 * any(column_of(s.plan.header) == wanted for s, _ in item[1].tasks)
            + 0.15 * _open(item[1], rewriters),
            item[0],
        ),
    )
    kept = sorted(ranked[:size], key=lambda item: item[0])
    made = [_made(row, order, target, rewriters) for order, (_, row) in enumerate(kept, 1)]
    return tuple(row for row in made if row is not None)


def _tasks(source: SourcePlan) -> list[Task]:
    return [
        task
        for task in source.plan.tasks
        if task.origin in ("table", "listed") and task.content and len(task.content) > 12
    ]


def _content(source: SourcePlan, task: Task) -> Origin | None:
    return _cell(source, task, task.content)


def _cell(source: SourcePlan, task: Task, words: str | None) -> Origin | None:
    if not words:
        return None
    spans = task.spans or ((task.start, task.end),)
    for start, end in spans:
        if found := located(source.plan, start, end, words):
            return found
    if found := located(source.plan, task.start, task.end, words):
        return found
    # One cell over several rows stands in the first of them.
    above = [
        other
        for other in source.plan.tasks
        if other.origin == "table" and other.section == task.section and other.start < task.start
    ]
    rows = (located(source.plan, other.start, other.end, words) for other in reversed(above))
    return next((found for found in rows if found), None)


def _open(row: _Row, rewriters: dict[str, Rewriter]) -> int:
    source, task = row.tasks[0]
    origin = _content(source, task)
    if origin is None:
        return 20
    return len(rewriters[source.plan.plan_id].rewrite(origin.start, origin.end).gaps)


def _made(row: _Row, order: int, target: Target, rewriters: dict[str, Rewriter]) -> TaskRow | None:
    """The row from its task of the most recent plan of the same level, else of the nearest."""
    wanted = target.seat.column
    found = [(s, t, _content(s, t)) for s, t in row.tasks]
    usable = [(s, t, o) for s, t, o in found if o is not None]
    if not usable:
        return None
    source, task, origin = max(
        usable,
        key=lambda item: (
            column_of(item[0].plan.header) == wanted,
            item[0].plan.header.year or 0,
            item[0].weight,
        ),
    )
    rewriter = rewriters[source.plan.plan_id]

    def cell(words: str | None) -> Paragraph | None:
        where = _cell(source, task, words)
        return rewriter.rewrite(where.start, where.end) if where else None

    return TaskRow(
        order=order,
        content=rewriter.rewrite(origin.start, origin.end),
        lead=_bodies(source, task, task.lead, target, rewriter),
        partners=_bodies(source, task, task.partners, target, rewriter),
        deadline=cell(task.deadline),
        output=cell(task.output),
        plans=row.plans,
    )


def _bodies(
    source: SourcePlan, task: Task, names: Sequence[str], target: Target, rewriter: Rewriter
) -> tuple[Paragraph, ...]:
    """The bodies of a cell at the issuer's own level, each once; unknown ones are gaps."""
    theirs, mine = column_of(source.plan.header), target.seat.column
    made: list[Paragraph] = []
    for where in _origins(source, task, names):
        name = " ".join(source.plan.text[where.start : where.end].split())
        if theirs == mine:
            paragraph = rewriter.rewrite(where.start, where.end)
        else:
            paragraph = rewriter.replaced(
                where, counterpart(name, theirs, mine, target.year, target.seat.kind) or GAP, "body"
            )
        if all(_same(paragraph, other) is False for other in made):
            made.append(paragraph)
    return tuple(made)


def _origins(source: SourcePlan, task: Task, names: Sequence[str]) -> list[Origin]:
    """Where the bodies stand; "Văn phòng HĐND" and "UBND xã" side by side are one office."""
    found = [o for name in names if (o := _cell(source, task, name)) is not None]
    joined: list[Origin] = []
    for origin in found:
        last = joined[-1] if joined else None
        if last is not None and last.start <= origin.start:
            both = Origin(plan=origin.plan, start=last.start, end=origin.end)
            text = " ".join(source.plan.text[both.start : both.end].split())
            if is_current(text, date.today()) and body(text) is not None and " và " in text:
                joined[-1] = both
                continue
        joined.append(origin)
    return joined


def _same(one: Paragraph, other: Paragraph) -> bool:
    return re.sub(r"\W+", " ", one.text).casefold() == re.sub(r"\W+", " ", other.text).casefold()
