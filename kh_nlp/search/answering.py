"""``search``: from a query to hits with their sources."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kh_nlp.errors import UsageError
from kh_nlp.library import Library
from kh_nlp.library.lexical import terms
from kh_nlp.model import Span
from kh_nlp.search.filters import Filters, Years, allowed, read_filters
from kh_nlp.search.highlighting import highlights, matched_share
from kh_nlp.search.query import Query, folded, read_query
from kh_nlp.search.ranking import Index, Ranking, encoding, opened, rank, viewing
from kh_nlp.search.records import Hit, SearchAnswer
from kh_nlp.search.relevance import FOUND, relevance

if TYPE_CHECKING:
    from kh_nlp.embedding import Encoder

NEARLY_SAME = 0.8
"""Jaccard likeness of bigrams above which units of two plans are one hit."""

SHORT = 8
"""Words below which texts are too short for likeness to mean copying; they must be equal."""


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
    ids = allowed(connection, filters)
    query, ranking = ranked(opened(library, connection), query, ids, encoding(library, encoder))
    return _hits(connection, query, ranking, limit, library.manifest().get("encoder"))


def ranked(
    index: Index,
    query: Query,
    ids: NDArray[np.int64] | None,
    encode: Callable[[str], NDArray[np.float32]] | None,
    *,
    dense_weight: float | None = None,
) -> tuple[Query, Ranking]:
    """The ranking that hits are made of, and the query as it was read for it.

    As ``rank``; a query none of whose words stand anywhere is read again without its accents.
    """
    ranking = rank(index, query, ids, encode, dense_weight=dense_weight)
    if query.field == "accented" and not ranking.lexical.any():
        query = folded(query)
        ranking = rank(index, query, ids, encode, dense_weight=dense_weight)
    return query, ranking


@dataclass(slots=True)
class _Unit:
    """A hit in the making: what later candidates are compared with."""

    row: sqlite3.Row
    score: float
    cosine: float | None
    bigrams: frozenset[str]
    also: dict[str, None]

    def same_text(self, other: _Unit) -> bool:
        if self.bigrams == other.bigrams:
            return True
        if min(len(self.bigrams), len(other.bigrams)) < SHORT:
            return False
        common = len(self.bigrams & other.bigrams)
        return common >= NEARLY_SAME * (len(self.bigrams) + len(other.bigrams) - common)

    def same_place(self, other: _Unit) -> bool:
        """A listed task stands inside its section: one place, one hit."""
        a, b = self.row, other.row
        if a["plan_id"] != b["plan_id"] or a["kind"] == b["kind"]:
            return False
        inner, outer = sorted((a, b), key=lambda row: row["end"] - row["start"])
        return any(
            start <= inner["start"] and inner["end"] <= end
            for start, end, _ in json.loads(outer["spans"])
        )


def _hits(
    connection: sqlite3.Connection,
    query: Query,
    ranking: Ranking,
    limit: int,
    encoder_identity: str | None,
) -> list[Hit]:
    kept: list[_Unit] = []
    for place, passage in enumerate(ranking.passages.tolist()):
        if len(kept) >= limit and place >= 4 * limit:
            break  # deep enough to have met the copies of what is shown
        row = connection.execute(_PASSAGE, (passage,)).fetchone()
        cosine = None if ranking.cosines is None else float(ranking.cosines[place])
        unit = _Unit(
            row=row,
            score=float(ranking.scores[place]),
            cosine=cosine,
            bigrams=_bigrams(row["words"] or row["text"]),
            also={},
        )
        twin = next((k for k in kept if k.same_text(unit) or k.same_place(unit)), None)
        if twin is None:
            if len(kept) < limit:
                kept.append(unit)
        elif row["plan_id"] != twin.row["plan_id"]:
            twin.also[row["plan_id"]] = None
    return [_hit(unit, query, ranking, encoder_identity) for unit in kept]


_PASSAGE = """
SELECT s.*, p.plan_id, json_extract(v.summary, '$.issuer') AS printed_issuer,
       coalesce((SELECT f.path FROM files f JOIN versions o ON o.id = f.version
                 WHERE o.plan = p.id ORDER BY o.current DESC, f.seen_at DESC, f.path LIMIT 1),
                json_extract(v.summary, '$.path')) AS path
FROM passages s JOIN plans p ON p.id = s.plan JOIN versions v ON v.plan = p.id AND v.current = 1
WHERE s.id = ?
"""


@lru_cache(maxsize=512)
def _bigrams(text: str) -> frozenset[str]:
    return frozenset(terms(text, "folded"))


def _hit(unit: _Unit, query: Query, ranking: Ranking, encoder_identity: str | None) -> Hit:
    row = unit.row
    # The heading above counts as text: "Thực hiện:" under "Nguồn kinh phí" is about money.
    around = (row["context"], row["title"], row["printed_issuer"])
    share = matched_share("\n".join((row["text"], *filter(None, around))), query, ranking.idfs)
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
        score=round(unit.score, 6),
        relevance=relevance(share, unit.cosine, encoder_identity),
        highlights=marks,
        also=tuple(unit.also),
    )
