"""Dense segments: one unit vector for each passage, scored by inner product.

Vectors are kept as a float32 memory map. Up to ``FAISS_FROM`` passages the products with all of
them are exact and, in a fresh process, the faster way (importing faiss alone takes 55 to 70 ms). A
larger segment also has a faiss index that proposes candidates, whose scores are then worked out
exactly: vectors in lists around centroids (IVF), 4 bits for each two numbers (product quantisation,
read by fast scan), of which the half of the lists nearest to the query is read. Over 103,576
vectors of law texts it finds .998 of the 10 and .960 of the 200 nearest in 2 to 3 ms with their
exact scores (150 questions, ``benchmarks/search_speed.json``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kh_nlp.library.segments import SegmentFolder

FAISS_FROM = 30_000
OVERSAMPLING = 4
"""Candidates asked of the index for each one wanted; they are scored again exactly. Above 1,024 in
all fast scan takes ten times as long."""

SHARE = 0.5
"""Lists read for a query, of all; more where a filter leaves few passages in each."""

NEARLY_ALL = 0.9
"""Share of allowed passages from which the others are left out after the search, not within it."""

EXACT = 10_000
"""Passages left by a filter up to which all of them are compared exactly."""

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
    """Write the faiss index of a large segment into its folder (100,000 passages: 5 s of work)."""
    import faiss as imported

    faiss: Any = imported
    lists = max(1, int(1.6 * len(vectors) ** 0.5))
    dimensions = vectors.shape[1]
    # Fast scan has 16 codes for each part: fewer vectors cannot fill them.
    fast = dimensions % 2 == 0 and len(vectors) >= 16
    codes = f"PQ{dimensions // 2}x4fs" if fast else "SQ8"
    index = faiss.index_factory(dimensions, f"IVF{lists},{codes}", faiss.METRIC_INNER_PRODUCT)
    index.cp.max_points_per_centroid = 64  # drawn by a fixed seed
    index.cp.min_points_per_centroid = 1  # no warning on the small segments of tests
    index.train(vectors)
    index.add(vectors)
    faiss.write_index(index, str(folder / INDEX))


class DenseSegment:
    """An opened segment. Rows are 0 .. ``len(passages)``."""

    def __init__(self, folder: SegmentFolder, name: str) -> None:
        self.passages: NDArray[np.int64] = folder.array(name, "passages")
        self.vectors: NDArray[np.float32] = folder.array(name, "vectors")
        self._file = folder.path / name / INDEX if folder.facts(name)["faiss"] else None
        self._index: Any = None

    def top(
        self, query: NDArray[np.float32], count: int, allowed: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Rows and exact cosines of the best ``count`` rows (of those ``allowed``), best first."""
        left = len(self.passages) if allowed is None else int(np.count_nonzero(allowed))
        if self._file is None or (allowed is not None and left <= EXACT):
            rows = np.arange(len(self.passages)) if allowed is None else np.flatnonzero(allowed)
            # The map is multiplied as it lies; its rows are copied only where they are few.
            few = 2 * left < len(self.passages)
            scores = (
                _cosines(self.vectors[rows], query) if few else _cosines(self.vectors, query)[rows]
            )
        else:
            rows = self._allowed_candidates(query, count, allowed, left)
            scores = _cosines(np.take(self.vectors, rows, axis=0), query)
        if len(scores) > count:  # a full sort of a large segment costs more than its scores
            near = np.sort(np.argpartition(-scores, count - 1)[:count])
            rows, scores = rows[near], scores[near]
        best = np.argsort(-scores, kind="stable")
        return rows[best], scores[best]

    def scores(self, query: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Exact cosines of these rows."""
        return _cosines(self.vectors[rows], query)

    def _allowed_candidates(
        self, query: NDArray[np.float32], count: int, allowed: NDArray[np.bool_] | None, left: int
    ) -> NDArray[np.int64]:
        """Rows to be scored exactly: ``OVERSAMPLING`` for each of the ``count`` wanted, if any."""
        wanted = count * OVERSAMPLING
        if allowed is not None and left >= NEARLY_ALL * len(self.passages):
            # Asking faiss to pass over a few rows costs more than leaving them out afterwards.
            rows = self._candidates(query, round(wanted / NEARLY_ALL), None, len(self.passages))
            rows = rows[allowed[rows]]
            if len(rows) >= wanted / 2:  # unless just the nearest ones are not allowed
                return rows
        return self._candidates(query, wanted, allowed, left)

    def _candidates(
        self, query: NDArray[np.float32], count: int, allowed: NDArray[np.bool_] | None, left: int
    ) -> NDArray[np.int64]:
        import faiss as imported

        faiss: Any = imported  # its annotations lack the keyword arguments of its wrappers
        if self._index is None:
            self._index = faiss.read_index(str(self._file))
        given: dict[str, Any] = {}
        if allowed is not None:
            # The selector holds a pointer only: the bits must outlive the search.
            bits = np.packbits(allowed, bitorder="little")
            given["sel"] = faiss.IDSelectorBitmap(len(allowed), faiss.swig_ptr(bits))
        if hasattr(self._index, "nlist"):
            share = min(1.0, SHARE * len(self.passages) / max(1, left))
            given["nprobe"] = max(1, round(share * self._index.nlist))
            parameters = faiss.SearchParametersIVF(**given)
        else:  # written by an older version: no lists
            parameters = faiss.SearchParameters(**given)
        count = min(count, len(self.passages))
        # One query is answered by one thread anyway; a second one, woken for nothing, would keep a
        # core busy for milliseconds. The number is that of this thread alone.
        threads = faiss.omp_get_max_threads()
        faiss.omp_set_num_threads(1)
        try:
            _, rows = self._index.search(query[None, :], count, params=parameters)
        finally:
            faiss.omp_set_num_threads(threads)
        found: NDArray[np.int64] = np.sort(rows[0][rows[0] >= 0])
        return found


def _cosines(vectors: NDArray[np.float32], query: NDArray[np.float32]) -> NDArray[np.float32]:
    """Inner products of the rows with ``query``, one by one on this thread.

    A matrix product would be done by all cores, which wait for the next one busily: the encoder of
    the next query then took 32 ms instead of 17 (2 cores, 10,000 passages), and a product of that
    size saves less than one.
    """
    found: NDArray[np.float32] = np.vecdot(vectors, query)
    return found
