"""The passages that become hits: those that say the same as a better one are folded into it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

from kh_nlp.library.lexical import LexicalSegment
from kh_nlp.library.table import PassageTable
from kh_nlp.search.copies import Words, sketches
from kh_nlp.search.ranking import Ranking


@dataclass(slots=True)
class Unit:
    """A hit in the making: what later candidates are compared with."""

    id: int
    plan: int
    kind: str
    place: int
    words: Words
    span: Callable[[], sqlite3.Row]
    also: dict[int, None]

    def same_place(self, other: Unit) -> bool:
        """A listed task stands inside its section: one place, one hit."""
        if self.plan != other.plan or self.kind == other.kind:
            return False
        inner, outer = sorted(
            (self.span(), other.span()), key=lambda row: row["end"] - row["start"]
        )
        return any(
            start <= inner["start"] and inner["end"] <= end
            for start, end, _ in json.loads(outer["spans"])
        )


def folded_units(
    connection: sqlite3.Connection,
    table: PassageTable,
    segments: Sequence[LexicalSegment],
    ranking: Ranking,
    limit: int,
) -> list[Unit]:
    """The ``limit`` best passages, those that say the same as a better one left out."""
    kept: list[Unit] = []
    passages: list[int] = ranking.passages.tolist()
    deep = 4 * limit  # deep enough to have met the copies of what is shown
    for first in range(0, len(passages), deep):
        if len(kept) >= limit:
            break
        batch = passages[first : first + deep]
        plans = table.values_of(connection, "plan", batch)
        kinds = table.values_of(connection, "kind", batch)
        known = [*(unit.id for unit in kept), *batch]
        alike = sketches(segments, known).may_equal().tolist()
        columns = list(range(len(kept)))
        for place, passage in enumerate(batch):
            plan, kind = cast(int, plans[place]), cast(str, kinds[place])
            column = len(known) - len(batch) + place
            likely = [
                (other, alike[column][at])
                for other, at in zip(kept, columns, strict=True)
                if alike[column][at] or (other.plan == plan and other.kind != kind)
            ]
            if not likely and len(kept) >= limit:
                continue
            unit = Unit(
                id=passage,
                plan=plan,
                kind=kind,
                place=first + place,
                words=Words(partial(_text, connection, passage)),
                span=partial(_span, connection, passage),
                also={},
            )
            twin = next(
                (
                    other
                    for other, may in likely
                    if (may and other.words.same(unit.words)) or other.same_place(unit)
                ),
                None,
            )
            if twin is None:
                if len(kept) < limit:
                    kept.append(unit)
                    columns.append(column)
            elif unit.plan != twin.plan:
                twin.also[unit.plan] = None
    return kept


_MOST = 500
"""Passages of one statement; SQLite takes no more than 999 values in old builds."""


def rows_by_id(
    connection: sqlite3.Connection, statement: str, ids: Sequence[int]
) -> dict[int, sqlite3.Row]:
    """Rows of ``statement``, whose ``{}`` takes the ids, by their column ``id``."""
    found: dict[int, sqlite3.Row] = {}
    for start in range(0, len(ids), _MOST):
        some = ids[start : start + _MOST]
        asked = statement.format(",".join("?" * len(some)))
        found.update({row["id"]: row for row in connection.execute(asked, some).fetchall()})
    return found


def _text(connection: sqlite3.Connection, passage: int) -> str:
    row = connection.execute("SELECT words, text FROM passages WHERE id = ?", (passage,)).fetchone()
    text: str = row["words"] or row["text"]
    return text


def _span(connection: sqlite3.Connection, passage: int) -> sqlite3.Row:
    row: sqlite3.Row = connection.execute(
        'SELECT spans, start, "end" FROM passages WHERE id = ?', (passage,)
    ).fetchone()
    return row
