"""Dense segments: one unit vector for each passage, scored by inner product.

Vectors are kept as a float32 memory map. Up to ``FAISS_FROM`` passages a plain matrix product is
the faster way: measured on 2 cores with 384 dimensions, first query of a fresh process, 7 ms
against 74 ms at 10,000 passages, 14 against 106 at 50,000 and 34 against 127 at 100,000 (importing
faiss alone takes 55 to 70), and about equal when warm. A larger segment also has a faiss index
(scalar quantiser, 8 bits: a quarter of the memory to walk through) that proposes candidates, whose
scores are then worked out exactly.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kh_nlp.library.segments import SegmentFolder

FAISS_FROM = 100_000
OVERSAMPLING = 4
"""Candidates asked of the 8-bit index for each one wanted; they are scored again exactly."""

INDEX = "index.faiss"


def build(
    vectors: NDArray[np.float32], passages: NDArray[np.int64]
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Arrays and facts of a segment; ``vectors`` is (n, d) with unit rows."""
    arrays: dict[str, NDArray[Any]] = {
        "passages": np.asarray(passages, dtype=np.int64),
        "vectors": np.ascontiguousarray(vectors, dtype=np.float32),
    }
    facts = {
        "passages": len(passages),
        "dimensions": int(vectors.shape[1]),
        "faiss": len(passages) >= FAISS_FROM,
    }
    return arrays, facts


def write_index(vectors: NDArray[np.float32], folder: Path) -> None:
    """Write the faiss index of a large segment into its folder."""
    import faiss

    index = faiss.IndexScalarQuantizer(
        vectors.shape[1], faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    index.train(vectors)
    index.add(vectors)
    faiss.write_index(index, str(folder / INDEX))


class DenseSegment:
    """An opened segment. Rows are 0 .. ``len(passages)``."""

    def __init__(self, folder: SegmentFolder, name: str) -> None:
        self.passages: NDArray[np.int64] = np.asarray(folder.array(name, "passages"))
        self.vectors: NDArray[np.float32] = folder.array(name, "vectors")
        self._file = folder.path / name / INDEX if folder.facts(name)["faiss"] else None
        self._index: Any = None

    def top(
        self, query: NDArray[np.float32], count: int, allowed: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Rows and exact cosines of the best ``count`` rows (of those ``allowed``), best first."""
        if self._file is None:
            rows = np.arange(len(self.passages)) if allowed is None else np.flatnonzero(allowed)
            # Without a filter the map is multiplied as it lies; with one only its rows are read.
            scores = self.vectors @ query if allowed is None else self.vectors[rows] @ query
        else:
            rows = self._candidates(query, count * OVERSAMPLING, allowed)
            scores = self.vectors[rows] @ query
        if len(scores) > count:  # a full sort of a large segment costs more than its scores
            near = np.sort(np.argpartition(-scores, count - 1)[:count])
            rows, scores = rows[near], scores[near]
        best = np.argsort(-scores, kind="stable")
        return rows[best], scores[best]

    def scores(self, query: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Exact cosines of these rows."""
        found: NDArray[np.float32] = self.vectors[rows] @ query
        return found

    def _candidates(
        self, query: NDArray[np.float32], count: int, allowed: NDArray[np.bool_] | None
    ) -> NDArray[np.int64]:
        import faiss as imported

        faiss: Any = imported  # its annotations lack the keyword arguments of its wrappers
        if self._index is None:
            self._index = faiss.read_index(str(self._file))
        parameters = None
        if allowed is not None:
            # The selector holds a pointer only: the bits must outlive the search.
            bits = np.packbits(allowed, bitorder="little")
            selector = faiss.IDSelectorBitmap(len(allowed), faiss.swig_ptr(bits))
            parameters = faiss.SearchParameters(sel=selector)
        count = min(count, len(self.passages))
        _, rows = self._index.search(query[None, :], count, params=parameters)
        found: NDArray[np.int64] = np.sort(rows[0][rows[0] >= 0])
        return found
