"""``search``: from a query to hits with their sources."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from kh_nlp.errors import UsageError
from kh_nlp.library import Library
from kh_nlp.model import Span
from kh_nlp.search.copies import Words, sketches
from kh_nlp.search.filters import Filters, Years, allowed, read_filters
from kh_nlp.search.highlighting import highlights, matched_share
from kh_nlp.search.query import Query, folded, read_query
from kh_nlp.search.ranking import Index, Ranking, encoding, opened, rank, viewing
from kh_nlp.search.records import Hit, SearchAnswer
from kh_nlp.search.relevance import FOUND, relevance

if TYPE_CHECKING:
    from kh_nlp.embedding import Encoder


def search(
    library: Library,
    query: str,
    *,
    kinds: Sequence[str] = (),
    years: Years | None = None,
    levels: Sequence[str] = (),
    provinces: Sequence[str] = (),
    issuers: Sequence[str] = (),
    agencies: Sequence[str] = (),
    limit: int = 10,
    encoder: Encoder | None = None,
) -> SearchAnswer:
    """Sections and tasks that answer ``query``, best first.

    Filters act before ranking: ``years`` is an inclusive range with open ends as None; ``issuers``
    and ``agencies`` match as parts of the name without accents. ``encoder`` defaults to the one
    that the library was built with. Raises UsageError for an empty query or an unknown filter
    value, LibraryError when the encoder is not the library's or its files are damaged.
    """
    asked = read_query(query)
    filters = read_filters(kinds, years, levels, provinces, issuers, agencies)
    if limit < 1:
        raise UsageError("Số kết quả phải từ 1 trở lên.")
    hits: list[Hit] = []
    if any(char.isalnum() for char in asked.text):
        hits = find(library, asked, filters, limit, encoder)
    return SearchAnswer(
        query=query,
        read_as=asked.meaning if asked.meaning != asked.text else None,
        filters=filters.printed(),
        found=any(hit.relevance is not None and hit.relevance >= FOUND for hit in hits),
        hits=tuple(hits),
    )


def find(
    library: Library, query: Query, filters: Filters, limit: int, encoder: Encoder | None
) -> list[Hit]:
    """The hits of a query that holds at least one letter or digit."""
    return viewing(
        library, lambda connection: _find(library, connection, query, filters, limit, encoder)
    )


def _find(
    library: Library,
    connection: sqlite3.Connection,
    query: Query,
    filters: Filters,
    limit: int,
    encoder: Encoder | None,
) -> list[Hit]:
    ids = allowed(connection, filters, library)
    index, encode = opened(library, connection), encoding(library, encoder)
    ranking = rank(index, query, ids, encode)
    if query.field == "accented" and not ranking.lexical.any():
        query = folded(query)
        ranking = rank(index, query, ids, encode)
    return _hits(connection, index, query, ranking, limit, library.manifest().get("encoder"))


@dataclass(slots=True)
class _Unit:
    """A hit in the making: what later candidates are compared with."""

    row: sqlite3.Row
    plan: str
    kind: str
    place: int
    words: Words
    also: dict[str, None]

    def same_place(self, other: _Unit) -> bool:
        """A listed task stands inside its section: one place, one hit."""
        if self.plan != other.plan or self.kind == other.kind:
            return False
        inner, outer = sorted((self.row, other.row), key=lambda row: row["end"] - row["start"])
        return any(
            start <= inner["start"] and inner["end"] <= end
            for start, end, _ in json.loads(outer["spans"])
        )


def _hits(
    connection: sqlite3.Connection,
    index: Index,
    query: Query,
    ranking: Ranking,
    limit: int,
    encoder_identity: str | None,
) -> list[Hit]:
    kept: list[_Unit] = []
    passages: list[int] = ranking.passages.tolist()
    deep = 4 * limit  # deep enough to have met the copies of what is shown
    for first in range(0, len(passages), deep):
        if len(kept) >= limit:
            break
        batch = passages[first : first + deep]
        rows = _rows(connection, _PLACES, batch)
        sketched = sketches(index.lexical, batch)
        for place, passage in enumerate(batch, first):
            if len(kept) >= limit and place >= deep:
                break
            row = rows[passage]
            unit = _Unit(
                row=row,
                plan=row["plan_id"],
                kind=row["kind"],
                place=place,
                words=Words(sketched.get(passage), partial(_text, connection, passage)),
                also={},
            )
            twin = next((k for k in kept if k.words.same(unit.words) or k.same_place(unit)), None)
            if twin is None:
                if len(kept) < limit:
                    kept.append(unit)
            elif unit.plan != twin.plan:
                twin.also[unit.plan] = None
    full = _rows(connection, _PASSAGES, [unit.row["id"] for unit in kept])
    return [_hit(unit, full[unit.row["id"]], query, ranking, encoder_identity) for unit in kept]


_PLACES = """
SELECT s.id, s.kind, s.spans, s.start, s."end", p.plan_id
FROM passages s JOIN plans p ON p.id = s.plan WHERE s.id IN ({})
"""

_PASSAGES = """
SELECT s.*, p.plan_id, json_extract(v.summary, '$.issuer') AS printed_issuer,
       coalesce((SELECT f.path FROM files f WHERE f.version = v.id
                 ORDER BY f.seen_at DESC, f.path LIMIT 1),
                -- Only where the current version stands in no file: this reads all versions.
                (SELECT f.path FROM files f JOIN versions o ON o.id = f.version
                 WHERE o.plan = p.id ORDER BY f.seen_at DESC, f.path LIMIT 1),
                json_extract(v.summary, '$.path')) AS path
FROM passages s JOIN plans p ON p.id = s.plan JOIN versions v ON v.plan = p.id AND v.current = 1
WHERE s.id IN ({})
"""

_MOST = 500
"""Passages of one statement; SQLite takes no more than 999 values in old builds."""


def _rows(
    connection: sqlite3.Connection, statement: str, ids: Sequence[int]
) -> dict[int, sqlite3.Row]:
    found: dict[int, sqlite3.Row] = {}
    for start in range(0, len(ids), _MOST):
        some = ids[start : start + _MOST]
        asked = statement.format(",".join("?" * len(some)))
        found.update((row["id"], row) for row in connection.execute(asked, some))
    return found


def _text(connection: sqlite3.Connection, passage: int) -> str:
    row = connection.execute("SELECT words, text FROM passages WHERE id = ?", (passage,)).fetchone()
    text: str = row["words"] or row["text"]
    return text


def _hit(
    unit: _Unit,
    row: sqlite3.Row,
    query: Query,
    ranking: Ranking,
    encoder_identity: str | None,
) -> Hit:
    cosine = None if ranking.cosines is None else float(ranking.cosines[unit.place])
    # The heading above counts as text: "Thực hiện:" under "Nguồn kinh phí" is about money.
    around = (row["context"], row["title"], row["printed_issuer"])
    share = matched_share((row["text"], *filter(None, around)), query, ranking.idfs)
    marks: tuple[Span, ...] = highlights(row["text"], query)
    return Hit(
        plan=row["plan_id"],
        path=row["path"],
        title=row["title"],
        issuer=row["printed_issuer"],
        year=row["year"],
        unit=row["kind"],
        unit_id=row["unit"],
        number=row["number"],
        heading=row["heading"],
        page=row["page"],
        text=row["text"],
        start=row["start"],
        end=row["end"],
        score=round(float(ranking.scores[unit.place]), 6),
        relevance=relevance(share, cosine, encoder_identity),
        highlights=marks,
        also=tuple(unit.also),
    )
