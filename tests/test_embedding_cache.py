"""The cache of vectors: kept between runs, apart for each encoder, safe to lose."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kh_nlp.embedding import VectorCache, cached_passages
from kh_nlp.embedding.encoder import Vectors, unit


class CountingEncoder:
    """Two-dimensional vectors of the length of a text; counts what it is asked."""

    identity = "đếm"
    dimensions = 2

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return unit(np.array([[1, len(text)] for text in texts], dtype=np.float32).reshape(-1, 2))

    def encode_passages(self, texts: Sequence[str], progress: Any = None) -> Vectors:
        self.seen += texts
        if progress is not None:
            progress(len(texts))
        return self.encode_queries(texts)


def test_cache_round_trip(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "a" / "vectors.sqlite")
    counting = CountingEncoder()
    texts = ["một", "hai hai", "một", "ba"]
    steps: list[int] = []
    first = cached_passages(counting, texts, cache, steps.append)
    assert sorted(counting.seen) == ["ba", "hai hai", "một"]
    second = cached_passages(counting, [*texts, "bốn"], cache, steps.append)
    assert counting.seen[3:] == ["bốn"]
    assert np.array_equal(second[:4], first)
    assert np.array_equal(first, counting.encode_queries(texts))
    assert sum(steps) == 9
    assert cached_passages(counting, [], cache).shape == (0, 2)


def test_cache_keeps_encoders_apart(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "vectors.sqlite")
    one, other = CountingEncoder(), CountingEncoder()
    other.identity = "khác"
    cached_passages(one, ["một"], cache)
    cached_passages(other, ["một"], cache)
    assert other.seen == ["một"]


def test_cache_deleted_or_broken(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite"
    cache, counting = VectorCache(path), CountingEncoder()
    expected = cached_passages(counting, ["một"], cache)
    path.unlink()
    assert np.array_equal(cached_passages(counting, ["một"], cache), expected)
    path.write_bytes(b"not a database at all" * 100)
    assert np.array_equal(cached_passages(counting, ["một"], cache), expected)
    assert np.array_equal(cached_passages(counting, ["một"], cache), expected)
    assert counting.seen == ["một"] * 3  # the broken file was made anew and serves again


def test_cache_read_while_another_reads_and_writes(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite"
    cache, counting = VectorCache(path), CountingEncoder()
    cached_passages(counting, ["một"], cache)
    reader = sqlite3.connect(path)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM vectors").fetchone() == (1,)
    assert set(cache.get(counting, ["một", "hai"])) == {"một"}
    reader.close()
    with pytest.raises(ValueError, match="shape"):
        cache.put(counting, ["một"], np.zeros((2, 2), dtype=np.float32))
