"""``covers``: which plans cover a document, a programme or a topic, and the evidence for each.

``cites``: a citation of the plan is of a document that the query means. ``names``: its name (or
the topic's own words) stands in the text. ``treats``: only the meaning fits; asked for topics
alone, because a plan does not cover a given document by speaking of something like it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from kh_nlp.language import tokens
from kh_nlp.library import Library
from kh_nlp.model import Plan
from kh_nlp.search.accents import Accents
from kh_nlp.search.filters import Filters, allowed
from kh_nlp.search.highlighting import Marker
from kh_nlp.search.naming import Names, resolve
from kh_nlp.search.query import Query, read_query
from kh_nlp.search.ranking import encoding, opened, rank, viewing
from kh_nlp.search.records import Coverage, CoverAnswer, Evidence, PlanCoverage
from kh_nlp.search.relevance import relevance

if TYPE_CHECKING:
    from kh_nlp.embedding import Encoder

TREATS = 0.9
"""Relevance from which a unit treats a topic without naming it: nearly all of its words, near in
meaning. Conservative on purpose: a wrong "treats" costs more than a missing one."""

MOST = 50
"""Pieces of evidence of one kind for one plan; a word that stands everywhere needs no more."""

EXCERPT = 300
"""Characters of a sentence that are shown as evidence."""

_STRENGTH: tuple[Coverage, ...] = ("cites", "names", "treats", "none")


def covers(library: Library, query: str, *, encoder: Encoder | None = None) -> CoverAnswer:
    """Every plan of the library with how it covers ``query``, covering ones first.

    UsageError for an empty query, LibraryError as in ``search``.
    """
    asked = read_query(query)
    answer = viewing(library, lambda connection: _covers(library, connection, asked, encoder))
    return replace(answer, query=query)


def _covers(
    library: Library, connection: sqlite3.Connection, asked: Query, encoder: Encoder | None
) -> CoverAnswer:
    from kh_nlp.citations import load_registry

    meaning = resolve(asked.text, connection, load_registry())
    summaries = library.plans()
    evidence: dict[str, list[Evidence]] = {summary.plan: [] for summary in summaries}
    by_name: list[tuple[str, Evidence]] = []
    for plan_id, found in _cited(connection, meaning.keys):
        if found.kind == "cites":
            evidence[plan_id].append(found)
        else:
            by_name.append((plan_id, found))
    if any(char.isalnum() for char in asked.text):
        names = Names(meaning)
        for plan_id, text in library.texts():
            if spans := names.find(text):
                known = list(evidence[plan_id])
                evidence[plan_id] += _named(library.plan(plan_id), spans, known)
        for plan_id, found in by_name:  # names that the parser resolved and the registry lacks
            if not any(e.start < found.end and found.start < e.end for e in evidence[plan_id]):
                evidence[plan_id].append(found)
        if not meaning.documents:
            rest = {plan_id for plan_id, found in evidence.items() if not found}
            for plan_id, found in _treated(library, connection, asked, rest, encoder):
                evidence[plan_id].append(found)
    plans = [
        PlanCoverage(
            plan=summary.plan,
            path=summary.path,
            title=summary.title,
            coverage=_strongest(evidence[summary.plan]),
            evidence=tuple(
                sorted(evidence[summary.plan], key=lambda e: (_STRENGTH.index(e.kind), e.start))
            ),
        )
        for summary in summaries
    ]
    plans.sort(key=lambda plan: _STRENGTH.index(plan.coverage))  # stable: library order within
    return CoverAnswer(query=asked.text, keys=meaning.keys, plans=tuple(plans))


def _strongest(evidence: list[Evidence]) -> Coverage:
    return min((e.kind for e in evidence), key=_STRENGTH.index, default="none")


def _cited(connection: sqlite3.Connection, keys: tuple[str, ...]) -> Iterator[tuple[str, Evidence]]:
    for key in keys:
        for row in connection.execute(
            "SELECT c.*, p.plan_id FROM citations c JOIN plans p ON p.id = c.plan "
            "WHERE c.key = ? ORDER BY c.plan, c.start",
            (key,),
        ):
            # A document called by its name alone is named; it is cited where its number stands.
            numbered = any(token.code for token in tokens(row["text"]))
            yield (
                row["plan_id"],
                Evidence(
                    kind="cites" if numbered else "names",
                    number=row["section"],
                    page=row["page"],
                    text=row["text"],
                    start=row["start"],
                    end=row["end"],
                ),
            )


def _named(plan: Plan, spans: list[tuple[int, int]], known: list[Evidence]) -> Iterator[Evidence]:
    """The sentences around the names, each once, without those that a citation already shows."""
    last = -1
    count = 0
    for start, end in spans:
        if count == MOST:
            return
        if start < last:
            continue
        first, last = _sentence(plan.text, start, end)
        if any(e.start < last and first < e.end for e in known):
            continue  # "Quyết định số … phê duyệt Đề án …": the citation shows it already
        count += 1
        yield Evidence(
            kind="names",
            number=_section_number(plan, start),
            page=plan.locate(start).page,
            text=plan.text[first:last],
            start=first,
            end=last,
        )


_BREAK = re.compile(r"\n|[.;!?](?=\s)")


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence or line around ``start:end``, at most about ``EXCERPT`` characters of it."""
    low = max(0, start - EXCERPT // 2)
    first = low
    for match in _BREAK.finditer(text, low, start):
        first = match.end()
    high = min(len(text), max(end, first + EXCERPT))
    stop = _BREAK.search(text, end, high)
    last = stop.start() if stop else high
    if first == low and low > 0:
        first = text.find(" ", low, start) + 1 or low
    if stop is None and high < len(text):
        last = max(end, text.rfind(" ", end, high))
    while first < start and text[first].isspace():
        first += 1
    return first, last


def _section_number(plan: Plan, position: int) -> str | None:
    """Path of the innermost section (or of the note's section) at a position."""
    for note in plan.notes:
        if note.start <= position < note.end:
            return next((s.number for s in plan.sections if s.id == note.section), None)
    inside = [s for s in plan.sections if s.start <= position < s.end]
    return min(inside, key=lambda s: s.end - s.start).number if inside else None


def _treated(
    library: Library,
    connection: sqlite3.Connection,
    query: Query,
    plans: set[str],
    encoder: Encoder | None,
) -> Iterator[tuple[str, Evidence]]:
    """Units near enough in meaning, of plans that neither cite nor name it."""
    if not plans:
        return
    index = opened(library, connection)
    query = read_query(query.text, Accents(index.lexical))
    ranking = rank(
        index,
        query,
        allowed(connection, Filters(), library),
        encoding(library, encoder),
    )
    identity = library.manifest().get("encoder")
    marker = Marker(query, ranking.idfs)
    for place, passage in enumerate(ranking.passages.tolist()):
        row = connection.execute(
            "SELECT s.*, p.plan_id FROM passages s JOIN plans p ON p.id = s.plan WHERE s.id = ?",
            (passage,),
        ).fetchone()
        if row["plan_id"] not in plans:
            continue
        cosine = None if ranking.cosines is None else float(ranking.cosines[place])
        share = marker.share((row["text"],))
        if (relevance(share, cosine, identity) or 0.0) < TREATS:
            continue
        text = library.plan(row["plan_id"]).text[row["start"] : row["end"]][:EXCERPT]
        yield (
            row["plan_id"],
            Evidence(
                kind="treats",
                number=row["number"],
                page=row["page"],
                text=text,
                start=row["start"],
                end=row["start"] + len(text),
            ),
        )
