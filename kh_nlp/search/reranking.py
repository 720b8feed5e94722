"""The best candidates put into the order that a cross-encoder gives them."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kh_nlp.search.query import Query
from kh_nlp.search.ranking import Ranking

if TYPE_CHECKING:
    from kh_nlp.embedding import Reranker

DEPTH = 50
"""Candidates that are read again."""

_TEXTS = "SELECT id, context, text FROM passages WHERE id IN (SELECT value FROM json_each(?))"


def reranked(
    ranking: Ranking, query: Query, connection: sqlite3.Connection, reranker: Reranker
) -> Ranking:
    """The ranking with its first ``DEPTH`` passages ordered by ``reranker``.

    Each is read with the headings above it. ``judged`` holds their scores; the passages behind
    them keep their order.
    """
    first = ranking.passages[:DEPTH].tolist()
    if not first:
        return ranking
    texts = {
        row["id"]: "\n".join(filter(None, (row["context"], row["text"])))
        for row in connection.execute(_TEXTS, (str(first),))
    }
    return reordered(ranking, reranker.scores(query.meaning, [texts[p] for p in first]))


def reordered(ranking: Ranking, found: NDArray[np.float64]) -> Ranking:
    """The ranking with its first passages, as many as have a score in ``found``, ordered by it."""
    first = len(found)
    judged = np.full(len(ranking.passages), np.nan)
    judged[:first] = found
    order = np.concatenate(
        [np.argsort(-found, kind="stable"), np.arange(first, len(ranking.passages))]
    )
    return replace(
        ranking,
        passages=ranking.passages[order],
        scores=ranking.scores[order],
        meaning=ranking.meaning[order],
        lexical=ranking.lexical[order],
        cosines=None if ranking.cosines is None else ranking.cosines[order],
        judged=judged[order],
    )
