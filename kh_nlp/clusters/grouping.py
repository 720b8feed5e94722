"""Rows into groups by average linkage; a sparse neighbourhood graph first where they are many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kh_nlp.clusters.features import Features

EXACT = 4_000
"""Rows up to which all distances are worked out (64 MB of them)."""

NEIGHBOURS = 20
Rows = NDArray[np.int64]


def group(features: Features, rows: Rows, threshold: float) -> list[Rows]:
    """Groups of ``rows``, none empty: mean distance (1 - similarity) within ``threshold``.

    More than ``EXACT`` rows are first cut into pieces: components of the graph of mutual nearest
    neighbours, at a likeness raised until each piece is small enough. Pieces are grouped each by
    itself, and their groups once more by their means.
    """
    if len(rows) <= EXACT:
        return _linked(features, rows, threshold)
    groups: list[Rows] = []
    for piece in _pieces(features, rows, threshold):
        groups += _linked(features, piece, threshold)
    several = [found for found in groups if len(found) > 1]
    if not 1 < len(several) <= EXACT:
        return groups
    labels = cut(mean_distances(features.means(several)), threshold)
    joined: dict[int, list[Rows]] = {}
    for label, found in zip(labels, several, strict=True):
        joined.setdefault(label, []).append(found)
    return [np.sort(np.concatenate(parts)) for parts in joined.values()] + [
        found for found in groups if len(found) == 1
    ]


def _linked(features: Features, rows: Rows, threshold: float) -> list[Rows]:
    labels = cut(1 - features.similarity(rows), threshold)
    found: dict[int, list[int]] = {}
    for row, label in zip(rows.tolist(), labels, strict=True):
        found.setdefault(label, []).append(row)
    return [np.array(members, dtype=np.int64) for members in found.values()]


def mean_distances(means: Features) -> NDArray[np.float32]:
    """Distances between groups, from their means."""
    every = np.arange(len(means.dense))
    return 1 - means.similarity(every)


def tree(distances: NDArray[Any]) -> NDArray[np.float64]:
    """Average linkage (scipy's table of merges) of a square of distances, two rows or more."""
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    square = np.maximum((distances + distances.T) / 2, 0)
    np.fill_diagonal(square, 0)
    merges: NDArray[np.float64] = linkage(squareform(square, checks=False), "average")
    return merges


def cut(distances: NDArray[Any], threshold: float) -> list[int]:
    """Labels of the rows of a square of distances, by average linkage."""
    from scipy.cluster.hierarchy import fcluster

    if len(distances) < 2:
        return [1] * len(distances)
    return [int(label) for label in fcluster(tree(distances), threshold, "distance")]


def _pieces(features: Features, rows: Rows, threshold: float) -> list[Rows]:
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    left, right, likeness = _neighbours(features, rows)
    pieces: list[Rows] = []
    todo = [(np.arange(len(rows)), 1 - threshold)]
    while todo:
        places, least = todo.pop()
        inside = np.full(len(rows), -1)
        inside[places] = np.arange(len(places))
        kept = (inside[left] >= 0) & (inside[right] >= 0) & (likeness >= least)
        edges = (np.ones(int(kept.sum())), (inside[left[kept]], inside[right[kept]]))
        graph = csr_matrix(edges, shape=(len(places), len(places)))
        _, labels = connected_components(graph, directed=False)
        order = np.argsort(labels, kind="stable")
        bounds = np.flatnonzero(np.diff(labels[order])) + 1
        for part in np.split(places[order], bounds):
            if len(part) <= EXACT:
                pieces.append(rows[part])
            elif least >= 1:  # as alike as can be: cut by place
                pieces += [rows[part[at : at + EXACT]] for at in range(0, len(part), EXACT)]
            else:
                todo.append((part, least + 0.05))
    return sorted(pieces, key=lambda piece: int(piece[0]))


def _neighbours(
    features: Features, rows: Rows
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Pairs (left < right, places in ``rows``) near each other both ways, with similarities."""
    import faiss as imported

    faiss: Any = imported
    dense = np.ascontiguousarray(features.dense[rows], dtype=np.float32)
    quantizer = faiss.IndexFlatIP(dense.shape[1])
    lists = max(1, int(2 * len(rows) ** 0.5))
    index = faiss.IndexIVFFlat(quantizer, dense.shape[1], lists, faiss.METRIC_INNER_PRODUCT)
    index.cp.max_points_per_centroid = 64  # drawn by a fixed seed
    index.cp.min_points_per_centroid = 1
    index.train(dense)
    index.add(dense)
    index.nprobe = min(lists, 16)
    _, found = index.search(dense, NEIGHBOURS + 1)
    left = np.repeat(np.arange(len(rows)), found.shape[1])
    right = found.ravel()
    real = (right >= 0) & (left != right)
    keys = np.minimum(left, right)[real] * len(rows) + np.maximum(left, right)[real]
    pairs, times = np.unique(keys, return_counts=True)
    pairs = pairs[times == 2]
    left, right = pairs // len(rows), pairs % len(rows)
    likeness = np.zeros(len(pairs), dtype=np.float32)
    words = features.sparse[rows]
    for at in range(0, len(pairs), 50_000):
        a, b = left[at : at + 50_000], right[at : at + 50_000]
        likeness[at : at + 50_000] = np.einsum("ij,ij->i", dense[a], dense[b])
        likeness[at : at + 50_000] += np.asarray(words[a].multiply(words[b]).sum(axis=1)).ravel()
    return left, right, likeness


def nearest(
    features: Features, rows: Rows, means: Features, own: Sequence[int] | None = None
) -> tuple[Rows, NDArray[np.float32]]:
    """For each row the group of the best mean similarity (not its ``own``), and that."""
    best = np.zeros(len(rows), dtype=np.int64)
    likeness = np.zeros(len(rows), dtype=np.float32)
    step = max(1, 20_000_000 // max(1, len(means.dense)))
    for at in range(0, len(rows), step):
        part = rows[at : at + step]
        found = features.dense[part] @ means.dense.T
        found += (features.sparse[part] @ means.sparse.T).toarray()
        if own is not None:
            found[np.arange(len(part)), np.asarray(own[at : at + step])] = -2
        best[at : at + step] = found.argmax(axis=1)
        likeness[at : at + step] = found.max(axis=1)
    return best, likeness
