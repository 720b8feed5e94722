"""Fits ``kh_nlp/clusters/data/axes.npz``: axes on which E5's vectors of tasks and titles differ.

usage: python benchmarks/cluster_axes.py --library DIR... --titles plan_titles_27k.tsv.gz
           [--work FOLDER]

The mean of all vectors (tasks and their leading clauses, every sixth title) and the 96 strongest
directions around it but for the first two, which tell length and style. No labels are used.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import plan_titles

from kh_nlp.clusters.features import DROPPED, KEPT
from kh_nlp.clusters.gathering import first_clause, gather
from kh_nlp.embedding import VectorCache, cached_passages, load_encoder
from kh_nlp.library import Library

TARGET = Path(__file__).parents[1] / "kh_nlp/clusters/data/axes.npz"


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", type=Path, nargs="+", required=True)
    parser.add_argument("--titles", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("indexes/titles"))
    args = parser.parse_args()
    encoder = load_encoder()
    parts = [plan_titles.load(args.titles, args.work).vectors[::6]]
    for path in args.library:
        with Library.open(path) as library:
            cores = [unit.core for unit in gather(library, ("table", "listed", "assignment"))]
            texts = [*cores, *map(first_clause, cores)]
            cache = VectorCache(library.path / "vectors.sqlite")
            parts.append(cached_passages(encoder, texts, cache))
    vectors = np.vstack(parts).astype(np.float64)
    mean = vectors.mean(axis=0)
    _, directions = np.linalg.eigh(np.cov((vectors - mean).T))
    axes = directions[:, ::-1][:, DROPPED : DROPPED + KEPT]
    np.savez_compressed(TARGET, mean=mean.astype(np.float16), axes=axes.astype(np.float16))
    print(f"{len(vectors)} vectors, {TARGET.stat().st_size} bytes: {TARGET}")


if __name__ == "__main__":
    main()
