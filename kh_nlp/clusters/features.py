"""Features of tasks whose inner product is their similarity.

Four cosines, weighted: vectors of the encoder (of the whole task and of its first clause, less the
mean and the strongest directions, as E5's cosines all lie close together), TF-IDF over syllables
and their pairs (whole task and first clause), kinds of activity, and bodies in charge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kh_nlp.clusters.activities import activity_weights
from kh_nlp.clusters.gathering import first_clause
from kh_nlp.clusters.records import TaskUnit
from kh_nlp.embedding import Encoder, VectorCache, cached_passages
from kh_nlp.language import search_key

ACTIVITY, MEANING, WORDS, BODIES = 0.45, 0.18, 0.27, 0.10
"""Weights of the four cosines; they add up to 1. Measured on the plans with odd numbers."""

DIRECTIONS = 2
"""Strongest directions taken out of the vectors, where there are enough tasks to tell them."""

ENOUGH = 100
LEARNT = 0.3
"""Share of the activity that is read off the vector, for wordings that no cue knows."""

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Features:
    """Rows are tasks: a dense part (n, d) and a sparse part (n, terms, CSR)."""

    dense: Matrix
    sparse: Any

    def similarity(self, rows: NDArray[Any], others: NDArray[Any] | None = None) -> Matrix:
        """Similarities (rows, others) in -1..1."""
        others = rows if others is None else others
        words = (self.sparse[rows] @ self.sparse[others].T).toarray()
        found: Matrix = self.dense[rows] @ self.dense[others].T + words
        return found

    def means(self, groups: Sequence[NDArray[Any]]) -> Features:
        """One row for each group: the mean of its rows (similarity to it is the mean one)."""
        from scipy.sparse import csr_matrix

        sizes = np.array([len(group) for group in groups])
        columns = np.concatenate(groups) if groups else np.zeros(0, dtype=np.int64)
        lines = np.repeat(np.arange(len(groups)), sizes)
        data = np.repeat(1 / np.maximum(sizes, 1), sizes).astype(np.float32)
        choose = csr_matrix((data, (lines, columns)), shape=(len(groups), len(self.dense)))
        return Features(np.asarray(choose @ self.dense, dtype=np.float32), choose @ self.sparse)


def features(units: Sequence[TaskUnit], encoder: Encoder, cache: VectorCache | None) -> Features:
    """Features of the units, in their order."""
    from scipy.sparse import csr_matrix, hstack

    cores = [unit.core for unit in units]
    clauses = [first_clause(core) for core in cores]
    both = cached_passages(encoder, [*cores, *clauses], cache)
    half = np.sqrt(np.float32(0.5))
    meaning = half * np.hstack([_spread(both[: len(units)]), _spread(both[len(units) :])])
    activity = _activity(activity_weights(cores), meaning)
    dense = np.hstack([np.sqrt(MEANING) * meaning, np.sqrt(ACTIVITY) * activity])
    bodies = ["; ".join(unit.lead) for unit in units]
    parts = ((cores, WORDS / 2), (clauses, WORDS / 2), (bodies, BODIES))
    sparse = hstack([_tfidf(texts) * np.sqrt(weight) for texts, weight in parts])
    return Features(
        np.ascontiguousarray(dense, dtype=np.float32), csr_matrix(sparse, dtype=np.float32)
    )


def _unit(rows: NDArray[Any]) -> Matrix:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-9), dtype=np.float32)


def _spread(vectors: Matrix) -> Matrix:
    """Unit rows without the mean and the directions that all texts share."""
    if len(vectors) < ENOUGH:
        # Of a few tasks the mean is most of what they say.
        return vectors
    centred = vectors - vectors.mean(axis=0)
    _, directions = np.linalg.eigh((centred.T @ centred).astype(np.float64))
    top = directions[:, -DIRECTIONS:]
    return _unit(centred - centred @ top @ top.T)


def _activity(weights: Matrix, meaning: Matrix) -> Matrix:
    """Unit rows over the kinds of activity, completed by what tasks of like vectors name."""
    shares = np.maximum((weights > 0).mean(axis=0), 1e-3)
    named = _unit(weights * np.sqrt(np.log(1 / np.minimum(shares, 0.95))))
    if len(weights) < ENOUGH:
        return named
    gram = meaning.T @ meaning + 1e-3 * len(weights) * np.eye(meaning.shape[1])
    learnt = meaning @ np.linalg.solve(gram, meaning.T @ named)
    return _unit(named + LEARNT * _unit(np.maximum(learnt, 0)))


def _tfidf(texts: Sequence[str]) -> Any:
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer

    keys = [search_key(text) for text in texts]
    if not any(any(char.isalpha() for char in key) for key in keys):
        return csr_matrix((len(texts), 1), dtype=np.float32)
    vectorizer = TfidfVectorizer(
        token_pattern=r"(?u)[^\W\d_]+",
        ngram_range=(1, 2),
        sublinear_tf=True,
        lowercase=False,
        dtype=np.float32,
    )
    return vectorizer.fit_transform(keys)
