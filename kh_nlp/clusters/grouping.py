"""Rows into groups by average linkage; over small pieces first where they are many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

EXACT = 8_000
"""Rows up to which all similarities are worked out (256 MB of them)."""

PIECE = 250
"""Rows of a piece, on average, where there are more."""

LARGEST = 3_000
"""Rows of a piece from which it is cut by place (thousands of tasks of hardly any words)."""

TREE = 4_000
"""Groups up to which the merge tree is worked out."""

Rows = NDArray[np.int64]
Matrix = NDArray[np.float32]


def group(features: Matrix, rows: Rows, threshold: float) -> list[Rows]:
    """Groups of ``rows``, none empty, each sorted: mean distance (1 - similarity) to ``threshold``.

    Up to ``EXACT`` rows this is average linkage (UPGMA). More rows are cut into pieces (k-means),
    linked within each piece only as far as leaves ``EXACT`` groups in all, and the groups then
    linked by their means and sizes: average linkage again, begun from small groups instead of
    single rows.
    """
    least = 1 - threshold
    if len(rows) <= EXACT:
        found = linked(features[rows] @ features[rows].T, np.ones(len(rows)), least)
        return [rows[places] for places in found]
    small = _small_groups(features, rows, threshold)
    if len(small) > EXACT:
        # Even at the threshold itself: single rows look for a group afterwards.
        small.sort(key=lambda part: (-len(part), int(part[0])))
        small, left = small[:EXACT], np.sort(np.concatenate(small[EXACT:]))
    else:
        left = np.zeros(0, dtype=np.int64)
    centres = means(features, small)
    sizes = np.array([len(part) for part in small], dtype=np.float64)
    groups = [
        np.sort(np.concatenate([small[at] for at in places]))
        for places in linked(centres @ centres.T, sizes, least)
    ]
    if len(left):
        best, likeness = nearest(features, left, means(features, groups))
        joins = likeness >= least
        for at in np.unique(best[joins]):
            groups[at] = np.sort(np.concatenate([groups[at], left[joins & (best == at)]]))
        left = left[~joins]
        if len(left):
            # Fewer each time, as the largest EXACT groups have gone.
            groups += group(features, left, threshold)
    return groups


def linked(similarity: Matrix, sizes: NDArray[Any], least: float) -> list[Rows]:
    """Places of a square of mean similarities by group: average linkage down to ``least``.

    Nearest-neighbour chains (Murtagh 1983) with the sizes of the rows. A row whose best neighbour
    is below ``least`` has no better one later, as the mean over a union lies between the means over
    its parts; so it is finished. ``similarity`` is overwritten. Equal values: the first place wins.
    """
    count = len(similarity)
    sizes = sizes.astype(np.float32)
    np.fill_diagonal(similarity, -np.inf)
    owner = np.arange(count)
    open_ = np.ones(count, dtype=bool)
    chain: list[int] = []
    start = 0
    while True:
        if not chain:
            while start < count and not open_[start]:
                start += 1
            if start == count:
                break
            chain.append(start)
        top = chain[-1]
        row = similarity[top]
        best = int(row.argmax())
        if row[best] < least:
            open_[top] = False
            similarity[top] = -np.inf
            similarity[:, top] = -np.inf
            chain.pop()
            continue
        before = chain[-2] if len(chain) > 1 else -1
        if before >= 0 and row[before] >= row[best]:
            keep, gone = min(before, top), max(before, top)
            mean = sizes[keep] * similarity[keep] + sizes[gone] * similarity[gone]
            mean /= sizes[keep] + sizes[gone]
            mean[keep] = -np.inf
            similarity[keep] = mean
            similarity[:, keep] = mean
            similarity[gone] = -np.inf
            similarity[:, gone] = -np.inf
            sizes[keep] += sizes[gone]
            owner[gone] = keep
            open_[gone] = False
            del chain[-2:]
        else:
            chain.append(best)
    groups: dict[int, list[int]] = {}
    for place in range(count):
        root = place
        while owner[root] != root:
            root = int(owner[root])
        groups.setdefault(root, []).append(place)
    return [np.array(places, dtype=np.int64) for places in groups.values()]


def means(features: Matrix, groups: Sequence[NDArray[Any]]) -> Matrix:
    """One row for each group: the mean of its rows (the similarity to it is the mean one)."""
    from scipy.sparse import csr_matrix

    if not groups:
        return np.zeros((0, features.shape[1]), dtype=np.float32)
    sizes = np.array([len(part) for part in groups])
    lines = np.repeat(np.arange(len(groups)), sizes)
    data = np.repeat(1 / np.maximum(sizes, 1), sizes).astype(np.float32)
    shape = (len(groups), len(features))
    choose = csr_matrix((data, (lines, np.concatenate(groups))), shape=shape)
    return np.asarray(choose @ features, dtype=np.float32)


def tree(distances: NDArray[Any]) -> NDArray[np.float64]:
    """Average linkage (scipy's table of merges) of a square of distances, two rows or more."""
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    square = np.maximum((distances + distances.T) / 2, 0)
    np.fill_diagonal(square, 0)
    merges: NDArray[np.float64] = linkage(squareform(square, checks=False), "average")
    return merges


def nearest(
    features: Matrix, rows: Rows, centres: Matrix, own: Sequence[int] | None = None
) -> tuple[Rows, Matrix]:
    """For each row the group of the best mean similarity (not its ``own``), and that."""
    best = np.zeros(len(rows), dtype=np.int64)
    likeness = np.zeros(len(rows), dtype=np.float32)
    step = max(1, 20_000_000 // max(1, len(centres)))
    for at in range(0, len(rows), step):
        part = rows[at : at + step]
        found = features[part] @ centres.T
        if own is not None:
            found[np.arange(len(part)), np.asarray(own[at : at + step])] = -2
        best[at : at + step] = found.argmax(axis=1)
        likeness[at : at + step] = found.max(axis=1)
    return best, likeness


def _small_groups(features: Matrix, rows: Rows, threshold: float) -> list[Rows]:
    """Groups within pieces, linked until ``EXACT`` are left or the threshold is reached."""
    from scipy.cluster.hierarchy import fcluster

    pieces = _pieces(features, rows)
    merges = [tree(1 - features[part] @ features[part].T) for part in pieces if len(part) > 1]
    heights = np.sort(np.concatenate([merge[:, 2] for merge in merges]))
    needed = max(0, len(rows) - EXACT)
    height = min(threshold, float(heights[min(needed, len(heights) - 1)]))
    groups: list[Rows] = [part for part in pieces if len(part) == 1]
    several = [part for part in pieces if len(part) > 1]
    for part, merge in zip(several, merges, strict=True):
        labels = fcluster(merge, height, "distance")
        order = np.argsort(labels, kind="stable")
        bounds = np.flatnonzero(np.diff(labels[order])) + 1
        groups += np.split(part[order], bounds)
    return sorted(groups, key=lambda found: int(found[0]))


def _pieces(features: Matrix, rows: Rows) -> list[Rows]:
    """``rows`` by the nearest of some k-means centres; drawn by a fixed seed."""
    import faiss as imported

    faiss: Any = imported
    data = np.ascontiguousarray(features[rows])
    kmeans = faiss.Kmeans(
        data.shape[1],
        max(2, len(rows) // PIECE),
        niter=6,
        seed=1,
        spherical=True,
        min_points_per_centroid=1,
        max_points_per_centroid=64,
    )
    kmeans.train(data)
    labels = kmeans.index.search(data, 1)[1].ravel()
    order = np.argsort(labels, kind="stable")
    bounds = np.flatnonzero(np.diff(labels[order])) + 1
    pieces: list[Rows] = []
    for part in np.split(rows[order], bounds):
        pieces += [part[at : at + LARGEST] for at in range(0, len(part), LARGEST)]
    return pieces
