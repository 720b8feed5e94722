"""Features of tasks: rows of length 1 whose inner product is the similarity of two tasks.

Three cosines, weighted: kinds of activity that a task names, vectors of the encoder (of the whole
task and of its leading clause, on axes that tell such texts apart, as E5's own cosines all lie
close together), and TF-IDF over syllables and their pairs. The figures of docs/clusters.md hardly
move with the weights: a point for ACTIVITY between .4 and .8.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kh_nlp.clusters.activities import activity_weights, duty_weights, firmness, keyed, yielding
from kh_nlp.clusters.gathering import charged, first_clause, point
from kh_nlp.clusters.records import TaskUnit
from kh_nlp.embedding import Encoder, VectorCache, cached_passages
from kh_nlp.language import search_key

ACTIVITY, MEANING, WORDS = 0.55, 0.35, 0.10
"""Weights of the three cosines; they add up to 1."""

FORM = 0.5
"""Weight of a kind that the columns of form and product name, beside the task's own words."""

OTHERS = 0.4
"""Factor for a kind that is the standing duty of bodies other than the one in charge."""

YIELDS = 0.5
"""Share of a kind's weight from which one that it yields to is named as clearly."""

AXES_OF = "multilingual-e5-small"
"""Encoders, by the beginning of their identity, for which ``data/axes.npz`` was fitted."""

DROPPED, KEPT = 2, 96
"""Directions of the vectors, strongest first, that are left out and that are kept after them."""

WORD_AXES = 128
"""Random directions on which TF-IDF is projected: the cosine's error (.09) counts a tenth."""

ENOUGH = 100
"""Tasks from which the mean of another encoder's vectors can be told from what they say."""

Matrix = NDArray[np.float32]


def features(units: Sequence[TaskUnit], encoder: Encoder, cache: VectorCache | None) -> Matrix:
    """Shape (n, d), rows of length 1 (zero for a task without words), in the order of the units."""
    cores = [unit.core for unit in units]
    clauses = [first_clause(core) for core in cores]
    both = cached_passages(encoder, [*cores, *clauses], cache)
    spread = encoder_axes(both, encoder.identity)
    half = np.sqrt(np.float32(0.5))
    meaning = half * np.hstack([spread[: len(units)], spread[len(units) :]])
    rows = np.hstack(
        [
            np.sqrt(ACTIVITY) * _unit(activities(units)) * firmness(),
            np.sqrt(MEANING) * meaning,
            np.sqrt(WORDS) * _words(cores, clauses),
        ]
    )
    # A task that names no kind, or one that says little, is compared by its vector and words.
    rows = _unit(rows)
    rows[[not core for core in cores]] = 0
    return np.ascontiguousarray(rows, dtype=np.float32)


def activities(units: Sequence[TaskUnit]) -> Matrix:
    """Shape (n, kinds): how clearly each task, and its row's form and product, names each kind."""
    cores = [unit.core for unit in units]
    keys = keyed(cores)
    weights = activity_weights(cores, keys)
    points = [point(core) for core in cores]
    moved = [at for at, core in enumerate(cores) if points[at] != core]
    if moved:
        found = activity_weights([points[at] for at in moved])
        weights[moved] = np.maximum(weights[moved], found)
    duties = duty_weights(cores, [charged(unit) for unit in units], keys)
    rows_of_tables = [at for at, unit in enumerate(units) if unit.origin == "table"]
    # The columns of a table say who leads a work; duties are laid on bodies in sections.
    duties[rows_of_tables] = np.minimum(duties[rows_of_tables], 0)
    # The standing duty of other bodies: "vận động" asks little of an office of trade.
    weights[duties < 0] *= np.float32(OTHERS)
    weights = np.maximum(weights, duties)
    for kind, other in yielding():
        given = weights[:, other] >= YIELDS * weights[:, kind]
        weights[given, kind] *= np.float32(OTHERS)
    forms = activity_weights([". ".join(filter(None, (u.form, u.output))) for u in units])
    plans: dict[str, list[int]] = {}
    for at, unit in enumerate(units):
        plans.setdefault(unit.plan, []).append(at)
    for rows in plans.values():
        if len(rows) > 1:
            # A form that most rows of a plan share tells nothing of one of them.
            forms[rows] *= 1 - (forms[rows] > 0).mean(axis=0)
    both: Matrix = weights + np.float32(FORM) * forms
    return both


def _unit(rows: NDArray[Any]) -> Matrix:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-9), dtype=np.float32)


@cache
def _shipped() -> tuple[Matrix, Matrix]:
    with files("kh_nlp.clusters").joinpath("data/axes.npz").open("rb") as stream:
        data = np.load(stream)
        return data["mean"].astype(np.float32), data["axes"].astype(np.float32)


def encoder_axes(vectors: Matrix, identity: str) -> Matrix:
    """Unit rows on the axes that tell texts apart: without the mean and what all share."""
    if identity.startswith(AXES_OF):
        mean, axes = _shipped()
        return _unit((vectors - mean) @ axes)
    if len(vectors) < ENOUGH:
        return _unit(vectors)
    # As the shipped axes were fitted: the first two directions tell length and style.
    mean = vectors.mean(axis=0)
    _, directions = np.linalg.eigh(np.cov(vectors - mean, rowvar=False))
    axes = directions[:, ::-1][:, DROPPED : DROPPED + KEPT].astype(np.float32)
    return _unit((vectors - mean) @ axes)


def _words(cores: Sequence[str], clauses: Sequence[str]) -> Matrix:
    """TF-IDF of tasks and of their clauses side by side, on ``WORD_AXES`` random directions."""
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.random_projection import SparseRandomProjection

    parts = []
    for texts in (cores, clauses):
        keys = [search_key(text) for text in texts]
        if not any(any(char.isalpha() for char in key) for key in keys):
            return np.zeros((len(cores), 1), dtype=np.float32)
        vectorizer = TfidfVectorizer(
            token_pattern=r"(?u)[^\W\d_]+",
            ngram_range=(1, 2),
            sublinear_tf=True,
            lowercase=False,
            dtype=np.float32,
        )
        parts.append(vectorizer.fit_transform(keys))
    every = hstack(parts).tocsr()
    if every.shape[1] <= WORD_AXES:
        return _unit(every.toarray())
    projection = SparseRandomProjection(WORD_AXES, random_state=0, dense_output=True)
    return _unit(projection.fit_transform(every))
