"""The ``Encoder`` protocol and what every encoder does alike: clean, sort, never encode twice."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Shape (n, d), C-contiguous, each row of length 1, in the order of the texts."""

Progress = Callable[[int], None]
"""Called with the number of texts finished since the last call; the calls add up to all texts."""


@runtime_checkable
class Encoder(Protocol):
    """Turns texts into unit vectors whose inner product is the cosine similarity.

    ``identity`` names model, weights and rules: vectors of equal identity may be compared and
    kept side by side, others not. ``dimensions`` is d.
    """

    @property
    def identity(self) -> str:
        """Stable name of the vector space."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors (n, d) of questions; (0, d) for no texts."""
        ...

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Vectors (n, d) of passages; (0, d) for no texts."""
        ...


def prepared(text: str) -> str:
    """NFC, one blank between words: what all engines are given, so that they read the same.

    NUL (which would end a C string) and lone surrogates (not encodable) become blanks.
    """
    text = unicodedata.normalize("NFC", text)
    cleaned = "".join(" " if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text)
    return " ".join(cleaned.split())


def encode_distinct(
    texts: Sequence[str],
    dimensions: int,
    encode: Callable[[list[str]], Iterator[Vectors]],
    progress: Progress | None = None,
) -> Vectors:
    """Vectors (n, d) of ``texts`` through ``encode``, each distinct text encoded once.

    ``encode`` is given the distinct prepared texts, longest first (less padding, and memory runs
    out at once or not at all), and yields their vectors in that order, in batches of any size.
    """
    rows: dict[str, list[int]] = {}
    for index, text in enumerate(texts):
        rows.setdefault(prepared(text), []).append(index)
    order = sorted(rows, key=lambda text: (-len(text), text))
    result = np.zeros((len(texts), dimensions), dtype=np.float32)
    done = 0
    for batch in encode(order) if order else ():
        finished = 0
        for text, vector in zip(order[done : done + len(batch)], batch, strict=True):
            result[rows[text]] = vector
            finished += len(rows[text])
        done += len(batch)
        if progress is not None:
            progress(finished)
    return result


def unit(vectors: NDArray[np.floating]) -> Vectors:
    """Rows scaled to length 1 (a zero row stays zero), as float32."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.ascontiguousarray(vectors / np.maximum(norms, 1e-12), dtype=np.float32)
