"""How many passages of a library hold a term."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kh_nlp.library.lexical import Field, LexicalSegment, digest


class Terms:
    """Counts of passages over ``segments`` in one field."""

    def __init__(self, segments: Sequence[LexicalSegment], field: Field) -> None:
        self._segments = segments
        self._field = field

    def counts(self, terms: Sequence[str]) -> list[int]:
        """Passages for each term, over all segments."""
        keys = np.array([digest(term) for term in terms], dtype=np.uint64)
        totals = np.zeros(len(terms), dtype=np.int64)
        for segment in self._segments:
            totals += segment.counts(keys, self._field)
        counts: list[int] = totals.tolist()
        return counts
