"""How relevant the units are that a ranking proposes."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from kh_nlp.search.citing import Cited
from kh_nlp.search.compounds import Compounds
from kh_nlp.search.highlighting import Marker
from kh_nlp.search.query import Query, accented
from kh_nlp.search.ranking import Index, Ranking, holding
from kh_nlp.search.relevance import relevance


class Judge:
    """One query, ready to be compared with units of one ranking."""

    def __init__(
        self,
        index: Index,
        query: Query,
        ranking: Ranking,
        documents: Cited,
        encoder: str | None,
    ) -> None:
        self._index = index
        self._ranking = ranking
        self._documents = documents
        self._encoder = encoder
        # Typed without accents, a query is compared both as typed and as it was restored: either
        # reading may be wrong.
        self._readings = [(query, ranking.idfs)]
        if ranking.restored:
            self._readings.append((accented(query), ranking.restored))

    def relevances(
        self, units: Sequence[tuple[int, int]], rows: Mapping[int, sqlite3.Row]
    ) -> list[float | None]:
        """The relevance of each unit, given as its passage and its place in the ranking."""
        ids = [passage for passage, _ in units]
        read = [self._evidence(query, idfs, ids) for query, idfs in self._readings]
        found: list[float | None] = []
        for (passage, place), *evidence in zip(units, *read, strict=True):
            row, cosines = rows[passage], self._ranking.cosines
            above = None if cosines is None else float(cosines[place]) - self._ranking.background
            share = sum(one for one, _ in evidence) / len(evidence)
            missing = sum(one for _, one in evidence) / len(evidence)
            length = row["end"] - row["start"]
            found.append(relevance(share, missing, length, above, self._encoder))
        return found

    def _evidence(
        self, query: Query, idfs: Mapping[str, float], passages: Sequence[int]
    ) -> list[tuple[float, float]]:
        total = sum(len(segment.passages) for segment in self._index.lexical)
        compounds = Compounds((query.words, *query.alternatives), query.field, idfs, total)
        # What stands above counts as text: "Thực hiện:" under "Nguồn kinh phí" is about money.
        # So does the name that the query gives to a document which the unit cites.
        named = self._documents.reasons.keys() & set(passages)
        said = Marker(query, idfs).held(self._documents.said) if named else set()
        return [
            compounds.evidence(held | said if passage in named else held)
            for passage, held in zip(passages, holding(self._index, query, passages), strict=True)
        ]
