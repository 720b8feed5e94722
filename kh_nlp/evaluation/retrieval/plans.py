"""Plans as a collection: a library, its passages, and judged spans that passages overlap.

An item of a run is a judged span, or a passage that nobody judged. A passage stands for the span
that it overlaps by at least half of the shorter of the two; of several for that of the best grade,
unless one of them is the passage itself. A span counts once, where it is first found: further
passages of it (windows of a long section, a row of a table in it) are passed over, neither gain nor
loss, as ``kh search`` shows one place once.

Copies in other plans are not folded, unlike in the answer of ``kh search``: which of two copies
stands for the other is chance, and the judgements name one place, not all that say the same.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection as Several
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kh_nlp.errors import InputError
from kh_nlp.evaluation.retrieval.judgements import Judgement, anchor_all
from kh_nlp.evaluation.retrieval.records import RELEVANT, Collection, Question
from kh_nlp.language import nfc
from kh_nlp.library import Library
from kh_nlp.library.table import Allowed
from kh_nlp.model import Span
from kh_nlp.search.answering import found_passages
from kh_nlp.search.filters import Filters, allowed
from kh_nlp.search.ranking import Index, encoding, opened, viewing

if TYPE_CHECKING:
    from kh_nlp.embedding import Encoder, Reranker

HALF = 0.5
SAME = 0.9
"""Share of common characters (of all of both) from which a span is the passage itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A passage and where it stands; ``pieces`` are its runs of characters in ``Plan.text``."""

    id: int
    plan: str
    number: str | None
    heading: str | None
    text: str
    indexed: str
    pieces: tuple[Span, ...]
    start: int
    end: int

    def overlap(self, start: int, end: int) -> float:
        """Characters in common with a span, as a share of the shorter of the two."""
        return self._common(start, end) / max(1, min(self._length(), end - start))

    def same(self, start: int, end: int) -> bool:
        """Whether a span is this passage, up to a few characters."""
        if (start, end) == (self.start, self.end):
            return True
        common = self._common(start, end)
        return common >= SAME * (self._length() + end - start - common)

    def _common(self, start: int, end: int) -> int:
        return sum(max(0, min(e, end) - max(s, start)) for s, e in self.pieces)

    def _length(self) -> int:
        return sum(e - s for s, e in self.pieces)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A library made ready: its index, the passages that ``kh search`` may find, its files."""

    index: Index
    allowed: Allowed
    places: Mapping[int, Place]
    stems: Mapping[str, Several[str]]

    def plan(self, stem: str) -> str | None:
        """Id of the plan in the file of this stem; InputError when several plans have such one."""
        found = self.stems.get(stem, ())
        if len(found) > 1:
            raise InputError(f"Nhiều kế hoạch có tệp tên “{stem}”; hãy đặt tên tệp khác nhau.")
        return next(iter(found), None)


def temporary_library(folder: Path, cache: Path) -> Library:
    """A new library in ``folder`` whose vectors are kept in the file ``cache``."""
    library = Library.open(folder, create=True)
    cache.parent.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):  # where there are no links, vectors are forgotten with the library
        (library.path / "vectors.sqlite").symlink_to(cache.resolve())
    return library


def shelf(library: Library) -> Shelf:
    """What is needed of ``library``, all of one moment."""
    stems: dict[str, dict[str, None]] = {}
    for summary in library.plans():
        for path in summary.paths:
            stems.setdefault(nfc(Path(path).stem), {})[summary.plan] = None

    def ask(connection: sqlite3.Connection) -> Shelf:
        ids = allowed(connection, Filters())
        places = {place.id: place for place in _places(connection, set(ids.ids.tolist()))}
        return Shelf(opened(library, connection), ids, places, stems)

    return viewing(library, ask)


_PLACES = """
SELECT s.id, p.plan_id, s.number, s.heading, s.text, coalesce(s.words, s.text) AS words, s.context,
       s.title, json_extract(v.summary, '$.issuer') AS issuer, s.spans, s.start, s."end"
FROM passages s JOIN plans p ON p.id = s.plan JOIN versions v ON v.plan = p.id AND v.current = 1
ORDER BY s.id
"""


def _places(connection: sqlite3.Connection, ids: set[int]) -> Iterable[Place]:
    for row in connection.execute(_PLACES):
        if row["id"] in ids:
            pieces = tuple((start, end) for start, end, _ in json.loads(row["spans"]))
            above = (row["context"], row["title"], row["issuer"])
            yield Place(
                id=row["id"],
                plan=row["plan_id"],
                number=row["number"],
                heading=row["heading"],
                text=row["text"],
                indexed="\n".join((*filter(None, above), row["words"])),
                pieces=pieces or ((row["start"], row["end"]),),
                start=row["start"],
                end=row["end"],
            )


def judge(
    name: str,
    library: Library,
    questions: Sequence[Question],
    judgements: Sequence[Judgement],
    *,
    unread: Several[str] = (),
    encoder: Encoder | None = None,
) -> tuple[Collection, list[Judgement]]:
    """The plans of ``library`` as a collection, and the judgements whose place is not found.

    These stay among the answers, never to be found: what is lost must not raise a figure.
    ``unread`` are stems of files that could not be read; InputError for a judged plan that is
    neither there nor among them. ``encoder`` defaults to that of the library.
    """
    ready = shelf(library)
    texts: dict[str, str | None] = {}
    for judged in judgements:
        if judged.plan not in texts:
            plan = ready.plan(judged.plan)
            if plan is None and judged.plan not in unread:
                raise InputError(f"{judged.place}: không có kế hoạch “{judged.plan}”.")
            texts[judged.plan] = None if plan is None else library.plan(plan).text
    placed, lost = anchor_all(judgements, texts)
    qrels: dict[str, dict[str, int]] = {question.id: {} for question in questions}
    spans: dict[str, dict[str, list[Judgement]]] = {question.id: {} for question in questions}
    for judged in (*placed, *lost):
        grades = qrels[judged.question]
        grades[judged.item] = max(judged.grade, grades.get(judged.item, 0))
    for judged in placed:
        plan = ready.plan(judged.plan)
        if plan is not None:
            spans[judged.question].setdefault(plan, []).append(judged)

    def items(question: str, passages: Iterable[int]) -> list[str]:
        return _items(spans[question], [ready.places[passage] for passage in passages])

    collection = Collection(
        name=name,
        questions=questions,
        qrels=qrels,
        index=ready.index,
        allowed=ready.allowed,
        encode=encoding(library, encoder),
        search=partial(found_passages, library, encoder=encoder),
        reranked=partial(_reranked, library, encoder),
        reference=[(place.id, place.indexed) for place in ready.places.values()],
        items=items,
    )
    return collection, lost


def _reranked(
    library: Library, encoder: Encoder | None, query: str, reranker: Reranker
) -> list[int]:
    return found_passages(library, query, encoder=encoder, reranker=reranker)


def _items(spans: Mapping[str, Sequence[Judgement]], places: Iterable[Place]) -> list[str]:
    """Items of a ranking: spans at their first passage, other passages as themselves."""
    found: dict[str, None] = {}
    for place in places:
        near = [
            judged
            for judged in spans.get(place.plan, ())
            if place.overlap(judged.start, judged.end) >= HALF
        ]
        itself = [judged for judged in near if place.same(judged.start, judged.end)]
        answers = [judged for judged in itself or near if judged.grade >= RELEVANT]
        if not answers:
            found[f"passage {place.id}"] = None
            continue
        answers.sort(key=lambda judged: (-judged.grade, judged.start, judged.end))
        fresh = next((judged for judged in answers if judged.item not in found), None)
        if fresh is not None:
            found[fresh.item] = None
    return list(found)
