"""Ranking: both legs over all active segments, joined by a convex sum of their scores.

    score = w · dense + (1 − w) · lexical

with both min-max normalised over the candidates (the best of either leg) and w predicted from the
query. Rank fusion was measured to fall below its better leg where the legs differ in strength; a
convex sum did not.
"""

from __future__ import annotations

import sqlite3
from _thread import start_new_thread
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from kh_nlp.errors import LibraryError
from kh_nlp.library import Library
from kh_nlp.library.dense import DenseSegment
from kh_nlp.library.lexical import LexicalSegment, digest, idf
from kh_nlp.library.table import Allowed, member
from kh_nlp.search.query import Query, folded

if TYPE_CHECKING:
    from kh_nlp.embedding import Encoder

CANDIDATES = 200
"""Passages that each leg proposes."""

BESIDE = 20_000
"""Passages from which the words are scored while the neighbours in meaning are found."""

TRIES = 5

Answer = TypeVar("Answer")
Number = TypeVar("Number", np.int64, np.float32)


def viewing(library: Library, ask: Callable[[sqlite3.Connection], Answer]) -> Answer:
    """What ``ask`` answers from one consistent view of the library.

    A writer may replace a segment between a reader's learning its name and opening it; the next
    view then names the new one. LibraryError when segments stay missing.
    """
    for _ in range(TRIES):
        try:
            with library.reading() as connection:
                return ask(connection)
        except FileNotFoundError:
            continue
    raise LibraryError(
        f"Chỉ mục của thư viện {library.path} thiếu tệp; hãy kiểm tra bằng lệnh kh doctor."
    )


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates, best first: passage ids, fused scores, and the raw scores of both legs.

    ``meaning`` is the part of each score that the dense leg gave. ``cosines`` is None when the
    library has no vectors. ``idfs`` holds the idf of each of the
    query's terms. ``judged`` are the scores of a reranker, NaN where it read nothing; None without
    one.
    """

    passages: NDArray[np.int64]
    scores: NDArray[np.float64]
    meaning: NDArray[np.float64]
    lexical: NDArray[np.float64]
    cosines: NDArray[np.float64] | None
    idfs: dict[str, float]
    judged: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """Opened segments: all that a ranking reads. ``dense`` is empty without vectors."""

    lexical: tuple[LexicalSegment, ...]
    dense: tuple[DenseSegment, ...]


def opened(library: Library, connection: sqlite3.Connection) -> Index:
    """The active segments of a library. Raises FileNotFoundError when a writer replaced one."""
    load = library.segments.load
    return Index(
        lexical=tuple(load(name, LexicalSegment) for name in _names(connection, "lexical")),
        dense=tuple(load(name, DenseSegment) for name in _names(connection, "dense")),
    )


def encoding(library: Library, encoder: Encoder | None) -> Callable[[str], NDArray[np.float32]]:
    """What gives the vector of a query: by ``encoder``, else by the one of the library.

    The model is loaded when the first vector is asked for.
    """
    known: dict[str, NDArray[np.float32]] = {}  # a query may be ranked twice, in either field

    def encode(text: str) -> NDArray[np.float32]:
        from kh_nlp.library.indexing import choose_encoder

        if text not in known:
            chosen = library.encoder() if encoder is None else choose_encoder(library, encoder)
            known[text] = chosen.encode_queries([text])[0]
        return known[text]

    return encode


def rank(
    index: Index,
    query: Query,
    allowed: Allowed | None,
    encode: Callable[[str], NDArray[np.float32]] | None,
    *,
    dense_weight: float | None = None,
) -> Ranking:
    """Candidates among the ``allowed`` passages (``None`` allows all).

    ``encode`` gives the vector of a query, ``None`` leaves the dense leg out. ``dense_weight``
    overrides the query's own; 0 leaves the dense leg out, 1 the lexical one.
    """
    weight = query.dense_weight if dense_weight is None else dense_weight
    count = CANDIDATES if weight < 1 else 0
    cosines: NDArray[np.float64] | None = None
    if weight > 0 and encode is not None and index.dense and (allowed is None or len(allowed)):
        # Not while encoding: the engine already keeps all cores busy.
        vector = encode(query.meaning)
        words_leg = _Beside(lambda: _by_words(index.lexical, query, allowed, count))
        if sum(len(segment.passages) for segment in index.lexical) >= BESIDE:
            words_leg.start()
        nearest, near = _nearest(index.dense, vector, allowed)
        ids, lexical, idfs, best = words_leg.result()
        others = best[~member(best, np.sort(nearest))]
        best = np.concatenate((nearest, others))
        cosines = np.concatenate((near, _cosines(index.dense, vector, others)))
    else:
        ids, lexical, idfs, best = _by_words(index.lexical, query, allowed, count)
    best_lexical = lexical[np.searchsorted(ids, best)].astype(np.float64)
    words = _normalised(best_lexical)
    meaning = np.zeros(len(best)) if cosines is None else weight * _normalised(cosines)
    scores = words if cosines is None else meaning + (1 - weight) * words
    final = np.lexsort((best, -scores))  # equal scores in the order of the library
    return Ranking(
        passages=best[final],
        scores=scores[final],
        meaning=meaning[final],
        lexical=best_lexical[final],
        cosines=None if cosines is None else cosines[final],
        idfs=idfs,
    )


def ranked(
    index: Index,
    query: Query,
    allowed: Allowed | None,
    encode: Callable[[str], NDArray[np.float32]] | None,
    *,
    dense_weight: float | None = None,
) -> tuple[Query, Ranking]:
    """The ranking that hits are made of, and the query as it was read for it.

    As ``rank``; a query none of whose words stand anywhere is read again without its accents.
    """
    ranking = rank(index, query, allowed, encode, dense_weight=dense_weight)
    if query.field == "accented" and not ranking.lexical.any():
        query = folded(query)
        ranking = rank(index, query, allowed, encode, dense_weight=dense_weight)
    return query, ranking


def holding(index: Index, query: Query, passages: Sequence[int]) -> list[set[str]]:
    """The terms of the query that each passage, or what stands above it, holds."""
    words = list(query.weights)
    keys = np.array([digest(word) for word in words], dtype=np.uint64)
    wanted = np.array(passages, dtype=np.int64)
    found: list[set[str]] = [set() for _ in passages]
    for segment in index.lexical:
        rows = np.searchsorted(segment.passages, wanted)
        rows[rows == len(segment.passages)] = 0
        here = np.flatnonzero(segment.passages[rows] == wanted) if len(segment.passages) else ()
        if len(here):
            spans = segment.spans(keys, query.field)
            held = segment.holding(spans, rows[here], query.field)
            for term, place in zip(*np.nonzero(held), strict=True):
                found[here[place]].add(words[term])
    return found


def _highest(scores: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Places of the ``count`` highest scores above 0, best first, equal ones in their order."""
    if count == 0:
        return np.empty(0, dtype=np.int64)
    if len(scores) > count:
        limit = float(np.partition(scores, len(scores) - count)[len(scores) - count])
    else:
        limit = 0.0
    if limit > 0:
        above = np.flatnonzero(scores > limit)
        level = np.flatnonzero(scores == limit)[: count - len(above)]
        places = np.concatenate((above, level))
    else:
        places = np.flatnonzero(scores > 0)
    return places[np.lexsort((places, -scores[places]))]


def _normalised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    if not len(values):
        return values
    low, high = float(values.min()), float(values.max())
    return (values - low) / (high - low) if high > low else np.full(len(values), float(high > 0))


def _names(connection: sqlite3.Connection, kind: str) -> list[str]:
    return [
        row["name"]
        for row in connection.execute(
            "SELECT name FROM segments WHERE kind = ? ORDER BY first", (kind,)
        )
    ]


def _lexical(
    segments: Sequence[LexicalSegment], query: Query, allowed: Allowed | None
) -> tuple[NDArray[np.int64], NDArray[np.float32], dict[str, float]]:
    """Ids of all indexed passages (ascending), their BM25 scores (0 where not allowed), and idf."""
    words = list(query.weights)
    keys = np.array([digest(word) for word in words], dtype=np.uint64)
    found = [segment.spans(keys, query.field) for segment in segments]
    total = sum(len(segment.passages) for segment in segments)
    counts = [
        sum(spans[place][1] - spans[place][0] for spans in found) for place in range(len(words))
    ]
    idfs = idf(counts or [0] * len(words), total)
    weights = idfs * np.array([query.weights[word] for word in words])
    parts: list[NDArray[np.float32]] = []
    for segment, spans in zip(segments, found, strict=True):
        scores = segment.scores(spans, weights, query.field)
        mask = None if allowed is None else allowed.mask(segment)
        if mask is not None:
            scores *= mask
        parts.append(scores)
    ids = [segment.passages for segment in segments]
    return (
        _joined(ids) if ids else np.empty(0, np.int64),
        _joined(parts) if parts else np.empty(0, np.float32),
        dict(zip(words, idfs.tolist(), strict=True)),
    )


def _joined(parts: Sequence[NDArray[Number]]) -> NDArray[Number]:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _by_words(
    segments: Sequence[LexicalSegment], query: Query, allowed: Allowed | None, count: int
) -> tuple[NDArray[np.int64], NDArray[np.float32], dict[str, float], NDArray[np.int64]]:
    """Ids of all passages with their scores, the idf of each term, and the ``count`` best ids."""
    ids, scores, idfs = _lexical(segments, query, allowed)
    if query.restored:
        accented = replace(query, field="accented", weights=query.restored)
        scores = (scores + _lexical(segments, accented, allowed)[1]) / np.float32(2)
    return ids, scores, idfs, ids[_highest(scores, count)]


class _Beside(Generic[Answer]):
    """One piece of work; once started it is done by a thread of its own.

    A new thread for each query costs 0.1 ms and, unlike a pool, outlives a fork. ``Thread`` would
    wait for it to begin, by when it holds the interpreter that this thread needs for its own leg.
    """

    def __init__(self, work: Callable[[], Answer]) -> None:
        self._future: Future[Answer] = Future()
        self._work = work
        self._started = False

    def start(self) -> None:
        self._started = True
        start_new_thread(self._run, ())

    def _run(self) -> None:
        try:
            self._future.set_result(self._work())
        except BaseException as error:  # given to who waits for the result
            self._future.set_exception(error)

    def result(self) -> Answer:
        return self._future.result() if self._started else self._work()


def _nearest(
    segments: Sequence[DenseSegment], vector: NDArray[np.float32], allowed: Allowed | None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Ids of the nearest passages, nearest first, and their cosines."""
    proposed: list[NDArray[np.int64]] = []
    near: list[NDArray[np.float32]] = []
    for segment in segments:
        mask = None if allowed is None else allowed.mask(segment)
        rows, scores = segment.top(vector, CANDIDATES, mask)
        proposed.append(segment.passages[rows])
        near.append(scores)
    cosines = np.concatenate(near)
    order = np.argsort(-cosines, kind="stable")[:CANDIDATES]
    return np.concatenate(proposed)[order], cosines[order].astype(np.float64)


def _cosines(
    segments: Sequence[DenseSegment], vector: NDArray[np.float32], ids: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Exact cosines of passages; 0 where one has no vector."""
    cosines = np.zeros(len(ids), dtype=np.float64)
    for segment in segments:
        places = np.searchsorted(segment.passages, ids)
        places[places == len(segment.passages)] = 0
        here = segment.passages[places] == ids
        cosines[here] = segment.scores(vector, places[here])
    return cosines
