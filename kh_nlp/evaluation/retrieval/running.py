"""Runs: what each way of searching finds for each question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kh_nlp.evaluation.retrieval.records import Collection, Progress, Question
from kh_nlp.evaluation.retrieval.reference import Reference
from kh_nlp.search.accents import Accents
from kh_nlp.search.query import read_query
from kh_nlp.search.ranking import ranked

if TYPE_CHECKING:
    from kh_nlp.embedding import Reranker

RUNS: dict[str, str] = {
    "reference": "BM25 chuẩn (mốc cố định)",
    "lexical": "theo từ",
    "dense": "theo nghĩa",
    "hybrid": "kết hợp, như kh search",
}
"""Every run by its machine name, in the order shown, with what it is in Vietnamese."""

RERANKED = "reranked"
"""The run that is added where a cross-encoder is given."""

RERANKED_WORDS = "kết hợp, xếp lại bằng mô hình"

DEPTH = 100
"""Items that are kept of a run: as deep as the deepest measure looks."""

PASSAGES = 1000
"""Passages of the reference of which the items are made."""

_WEIGHTS: dict[str, float | None] = {"lexical": 0.0, "dense": 1.0, "hybrid": None}

Run = Mapping[str, Sequence[str]]
"""Items by question id, best first."""


class Searcher:
    """All ways to search one collection; vectors of queries are worked out once."""

    def __init__(self, collection: Collection, reranker: Reranker | None = None) -> None:
        self.collection = collection
        self._reranker = reranker
        self._reference = Reference(collection.reference)
        self._accents = Accents(collection.index.lexical)
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def passages(self, run: str, query: str) -> list[int]:
        """Passages that ``run`` finds for ``query``, best first, copies not folded.

        ``hybrid`` is what ``kh search`` ranks, before it folds copies into one hit; ``reranked``
        the same with the cross-encoder.
        """
        if run == "reference":
            return self._reference.rank(query, PASSAGES)
        if not any(char.isalnum() for char in query):
            return []
        found = self.collection
        if run == RERANKED and self._reranker is not None:
            return found.reranked(query, self._reranker)
        if run == "hybrid" and found.search is not None:
            return found.search(query)
        _, ranking = ranked(
            found.index,
            read_query(query, self._accents),
            found.allowed,
            self._vector,
            dense_weight=_WEIGHTS[run],
        )
        passages: list[int] = ranking.passages.tolist()
        return passages

    def _vector(self, text: str) -> NDArray[np.float32]:
        if text not in self._vectors:
            self._vectors[text] = self.collection.encode(text)
        return self._vectors[text]

    def runs(
        self,
        questions: Sequence[Question],
        reword: Callable[[str], str] | None = None,
        progress: Progress | None = None,
    ) -> dict[str, Run]:
        """Every run over ``questions``, asked in the words that ``reword`` makes of theirs."""
        names = (*RUNS, RERANKED) if self._reranker is not None else tuple(RUNS)
        found: dict[str, dict[str, list[str]]] = {name: {} for name in names}
        for done, question in enumerate(questions, 1):
            query = question.text if reword is None else reword(question.text)
            for name in names:
                passages = self.passages(name, query)
                found[name][question.id] = self.collection.items(question.id, passages)[:DEPTH]
            if progress is not None:
                progress("search", done, len(questions))
        return dict(found)
