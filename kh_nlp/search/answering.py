"""``search``: from a query to hits with their sources."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from math import isnan
from typing import TYPE_CHECKING

from kh_nlp.errors import UsageError
from kh_nlp.library import Library
from kh_nlp.library.table import Allowed
from kh_nlp.search.accents import Accents
from kh_nlp.search.citing import Cited, cited, with_citing
from kh_nlp.search.filters import Filters, Years, allowed, read_filters
from kh_nlp.search.folding import Unit, folded_units, rows_by_id
from kh_nlp.search.highlighting import Marker, Marks
from kh_nlp.search.query import LONGEST, Query, read_query
from kh_nlp.search.ranking import Ranking, encoding, holding, opened, ranked, viewing
from kh_nlp.search.records import Hit, SearchAnswer, Why
from kh_nlp.search.relevance import FOUND, relevance
from kh_nlp.search.reranking import reranked
from kh_nlp.search.restricting import restricted
from kh_nlp.search.short_forms import short_forms
from kh_nlp.search.understanding import Reading, check_kinds, clean, literal, understand
from kh_nlp.search.widening import focused, widened

if TYPE_CHECKING:
    from kh_nlp.embedding import Encoder, Reranker


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
    understanding: bool = True,
    without: Sequence[str] = (),
    apply: Sequence[str] = (),
    this_year: int | None = None,
    everyday: bool = False,
    explain: bool = False,
    reranker: Reranker | None = None,
) -> SearchAnswer:
    """Sections and tasks that answer ``query``, best first.

    Filters act before ranking: ``years`` is an inclusive range with open ends as None; ``issuers``
    and ``agencies`` match as parts of the name without accents. ``encoder`` defaults to the one
    that the library was built with.

    With ``understanding`` years, places, bodies, phrases and exclusions in the query act as filters
    too (``docs/search.md``), except where that would leave nothing found; ``without`` names kinds
    that must not be read (``understanding.KINDS``), ``apply`` kinds that act even where they would
    only be proposed. A given filter leaves no room for an understood one of its kind. ``this_year``
    is what "2 năm gần đây" counts from. ``everyday`` adds official words for everyday ones.
    ``reranker`` (``embedding.load_reranker``) orders the best candidates anew; whether something
    was found, and how relevant a hit is, do not depend on it.
    With ``explain`` every hit says why it stands where it stands.

    Raises UsageError for an empty query or an unknown filter value, LibraryError when the encoder
    is not the library's or its files are damaged.
    """
    text = clean(query, LONGEST)
    empty = None if any(char.isalnum() for char in text) else read_query(text)
    filters = read_filters(kinds, years, levels, provinces, issuers, agencies)
    if limit < 1:
        raise UsageError("Số kết quả phải từ 1 trở lên.")
    check_kinds((*without, *apply))
    if empty is not None:
        return _answer(query, empty, filters, literal(text), [], 0)
    closed = (*without, *_given(filters))

    def ask(connection: sqlite3.Connection) -> SearchAnswer:
        guess = understanding and "spelling" not in closed
        session = _Session(library, connection, filters, limit, encoder, everyday, explain, guess)
        reading = literal(text)
        if understanding:
            reading = understand(
                text,
                connection,
                session.index.lexical,
                without=closed,
                apply=apply,
                this_year=this_year,
                table=session.table,
            )
        return session.answer(query, reading, reranker)[0]

    return viewing(library, ask)


def found_passages(
    library: Library,
    query: str,
    *,
    encoder: Encoder | None = None,
    reranker: Reranker | None = None,
) -> list[int]:
    """Ids of the passages that ``search`` ranks for ``query``, best first, copies not folded."""
    text = clean(query, LONGEST)
    if not any(char.isalnum() for char in text):
        return []

    def ask(connection: sqlite3.Connection) -> list[int]:
        session = _Session(library, connection, Filters(), 10, encoder, everyday=False)
        reading = understand(text, connection, session.index.lexical, table=session.table)
        _, ranking = session.answer(query, reading, reranker)
        passages: list[int] = ranking.passages.tolist()
        return passages

    return viewing(library, ask)


def _given(filters: Filters) -> list[str]:
    """Kinds of understanding that the given filters leave no room for."""
    closed: list[str] = []
    if filters.years:
        closed.append("year")
    if filters.levels:
        closed.append("level")
    if filters.provinces:
        closed += ("province", "place")
    if filters.issuers:
        closed += ("issuer", "place")
    if filters.agencies:
        closed.append("agency")
    return closed


def _answer(
    query: str, read: Query, filters: Filters, reading: Reading, hits: list[Hit], eligible: int
) -> SearchAnswer:
    return SearchAnswer(
        query=query,
        read_as=read.meaning if read.meaning != read.text else None,
        filters=filters.printed(),
        found=any(hit.relevance is not None and hit.relevance >= FOUND for hit in hits),
        hits=tuple(hits),
        understood=reading.understood,
        eligible=eligible,
    )


class _Session:
    """One question to one view of a library."""

    def __init__(
        self,
        library: Library,
        connection: sqlite3.Connection,
        filters: Filters,
        limit: int,
        encoder: Encoder | None,
        everyday: bool,
        explain: bool = False,
        guess: bool = True,
    ) -> None:
        self._library = library
        self._connection = connection
        self._filters = filters
        self._limit = limit
        self._everyday = everyday
        self._explain = explain
        self._guess = guess
        self.index = opened(library, connection)
        self.table = library.table(connection)
        self._accents = Accents(self.index.lexical)
        self._encode = encoding(library, encoder)

    def answer(
        self, query: str, reading: Reading, reranker: Reranker | None = None
    ) -> tuple[SearchAnswer, Ranking]:
        """The answer of the reading or, where it finds nothing, of the next wider one."""
        within = allowed(self._connection, self._filters, self._library)
        documents = cited(reading.read, self._connection)

        def tried(readings: Sequence[Reading]) -> tuple[SearchAnswer, Ranking, Query]:
            for one in readings:
                narrowed = restricted(self._connection, self.table, self.index, within, one)
                asked, hits, ranking = self._find(self._asked(one), narrowed, documents)
                answer = _answer(query, asked, self._filters, one, hits, len(within))
                if answer.found:
                    break
            return answer, ranking, asked

        answer, ranking, asked = tried((reading, *reading.relaxed()))
        if not answer.found and (guesses := self._guesses(reading)):
            guessed = tried(guesses)
            if guessed[0].found:
                answer, ranking, asked = guessed
        if reranker is not None:  # once, for it is slow
            ranking = reranked(ranking, asked, self._connection, reranker)
            answer = replace(answer, hits=tuple(self._hits(asked, ranking, documents)))
        return answer, ranking

    def _guesses(self, reading: Reading) -> list[Reading]:
        return reading.respelled(self.index.lexical) if self._guess else []

    def _asked(self, reading: Reading) -> Query:
        whole = read_query(reading.read, self._accents)
        same = reading.words == reading.read
        words = whole if same else read_query(reading.words, self._accents)
        query = focused(words, whole)
        forms = short_forms(self._library, self._connection)
        return widened(query, forms, everyday=self._everyday)

    def _find(
        self, query: Query, within: Allowed, documents: Cited
    ) -> tuple[Query, list[Hit], Ranking]:
        query, ranking = ranked(self.index, query, within, self._encode)
        ranking = with_citing(ranking, documents, self.index, query, within, self._encode)
        return query, self._hits(query, ranking, documents), ranking

    def _hits(self, query: Query, ranking: Ranking, documents: Cited) -> list[Hit]:
        kept = folded_units(self._connection, self.table, self.index.lexical, ranking, self._limit)
        plans = self._plans({plan for unit in kept for plan in (unit.plan, *unit.also)})
        rows = rows_by_id(self._connection, _PASSAGES, [unit.id for unit in kept])
        marker = Marker(query, ranking.idfs)
        encoder = self._library.manifest().get("encoder")
        held = holding(self.index, query, [unit.id for unit in kept])
        hits = [
            _hit(unit, rows[unit.id], plans, marker, terms, ranking, encoder, documents)
            for unit, terms in zip(kept, held, strict=True)
        ]
        if not self._explain:
            return hits
        return [
            replace(hit, why=_why(unit, rows[unit.id], hit, marker, ranking, documents))
            for hit, unit in zip(hits, kept, strict=True)
        ]

    def _plans(self, wanted: Set[int]) -> dict[int, sqlite3.Row]:
        """Facts of plans. Their rows lie behind whole plans, so what was read is kept."""
        known: dict[int, sqlite3.Row] = self.table.kept("plans", dict)
        if missing := wanted - known.keys():
            known.update(rows_by_id(self._connection, _PLANS, sorted(missing)))
        return known


_PASSAGES = "SELECT * FROM passages WHERE id IN ({})"

_PLANS = """
SELECT p.id, p.plan_id, json_extract(v.summary, '$.issuer') AS issuer,
       coalesce((SELECT f.path FROM files f WHERE f.version = v.id
                 ORDER BY f.seen_at DESC, f.path LIMIT 1),
                -- Only where the current version stands in no file: this reads all versions.
                (SELECT f.path FROM files f JOIN versions o ON o.id = f.version
                 WHERE o.plan = p.id ORDER BY f.seen_at DESC, f.path LIMIT 1),
                json_extract(v.summary, '$.path')) AS path
FROM plans p JOIN versions v ON v.plan = p.id AND v.current = 1 WHERE p.id IN ({})
"""


def _why(
    unit: Unit, row: sqlite3.Row, hit: Hit, marker: Marker, ranking: Ranking, documents: Cited
) -> Why:
    above = (row["context"], row["title"], hit.issuer)
    standing, missing = marker.standing((row["text"], *filter(None, above)))
    meaning, cites = float(ranking.meaning[unit.place]), documents.bonus(unit.id)
    return Why(
        words=round(float(ranking.scores[unit.place]) - meaning - cites, 4),
        meaning=round(meaning, 4),
        cites=cites,
        standing=standing,
        missing=missing,
        reranked=_judged(unit, ranking),
    )


def _score(unit: Unit, ranking: Ranking) -> float:
    """What orders the hits: those that a reranker read lie between 1 and 2, the others below."""
    score = float(ranking.scores[unit.place])
    if ranking.judged is not None:
        judged = float(ranking.judged[unit.place])
        score = min(score, 1.0) if isnan(judged) else 1.0 + judged
    return round(score, 6)


def _judged(unit: Unit, ranking: Ranking) -> float | None:
    judged = None if ranking.judged is None else float(ranking.judged[unit.place])
    return None if judged is None or isnan(judged) else round(judged, 4)


def _hit(
    unit: Unit,
    row: sqlite3.Row,
    plans: Mapping[int, sqlite3.Row],
    marker: Marker,
    held: set[str],
    ranking: Ranking,
    encoder_identity: str | None,
    documents: Cited,
) -> Hit:
    cosine = None if ranking.cosines is None else float(ranking.cosines[unit.place])
    # What stands above counts as text: "Thực hiện:" under "Nguồn kinh phí" is about money.
    # So does the name that the query gives to a document which the unit cites.
    reason = documents.reasons.get(row["id"])
    plan = plans[unit.plan]
    share = marker.share_of(held | marker.held(documents.said) if reason else held)
    return Hit(
        plan=plan["plan_id"],
        path=plan["path"],
        title=row["title"],
        issuer=plan["issuer"],
        year=row["year"],
        unit=row["kind"],
        unit_id=row["unit"],
        number=row["number"],
        heading=row["heading"],
        page=row["page"],
        text=row["text"],
        start=row["start"],
        end=row["end"],
        score=_score(unit, ranking),
        relevance=relevance(share, cosine, encoder_identity),
        highlights=Marks(marker, row["text"]),
        also=tuple(plans[other]["plan_id"] for other in unit.also),
        reasons=(reason,) if reason else (),
    )
