"""Which candidates say the same, found out with as little reading as possible."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kh_nlp.library.lexical import SKETCH, LexicalSegment, terms

NEARLY_SAME = 0.8
"""Jaccard likeness of bigrams above which units of two plans are one hit."""

SHORT = 8
"""Words below which texts are too short for likeness to mean copying; they must be equal."""


_APART = (1 - NEARLY_SAME) / (1 + NEARLY_SAME)
"""Share of the terms of both texts that may be in one only when they are as alike as that."""


@dataclass(frozen=True, slots=True)
class Sketches:
    """Odd sketches of the terms of n texts: ``bits`` (n, words of 64 bits), ``sizes`` (n).

    A size of -1 is that of a text without a sketch.
    """

    bits: NDArray[np.uint64]
    sizes: NDArray[np.int64]

    def may_equal(self) -> NDArray[np.bool_]:
        """(n, n): false only where two texts are certainly no copies of each other."""
        apart = np.bitwise_count(self.bits[:, None] ^ self.bits[None]).sum(2, dtype=np.int64)
        one, other = self.sizes[:, None], self.sizes[None]
        # ``apart`` is at most the number of terms that one of the texts lacks.
        like = apart <= _APART * (one + other) + 1e-6
        short = np.minimum(one, other) < SHORT
        may: NDArray[np.bool_] = np.where(short, (apart == 0) & (one == other), like)
        return may | (one < 0) | (other < 0)


def sketches(segments: Sequence[LexicalSegment], ids: Sequence[int]) -> Sketches:
    """Sketches of passages; those of segments that keep none are unknown."""
    found = Sketches(
        bits=np.zeros((len(ids), SKETCH // 64), dtype=np.uint64),
        sizes=np.full(len(ids), -1, dtype=np.int64),
    )
    wanted = np.array(ids, dtype=np.int64)
    for segment in segments:
        if segment.sketches is None or segment.sizes is None or not len(segment.passages):
            continue
        places = np.searchsorted(segment.passages, wanted)
        places[places == len(segment.passages)] = 0
        here = segment.passages[places] == wanted
        rows = np.ascontiguousarray(segment.sketches[places[here]])
        found.bits[here] = rows.view(np.uint64)
        found.sizes[here] = segment.sizes[places[here]]
    return found


@dataclass(slots=True)
class Words:
    """The terms of one candidate, read only where sketches cannot decide."""

    read: Callable[[], str]
    _terms: frozenset[str] | None = field(default=None)

    @property
    def terms(self) -> frozenset[str]:
        """Syllables and pairs of the folded text."""
        if self._terms is None:
            self._terms = _terms_of(self.read())
        return self._terms

    def same(self, other: Words) -> bool:
        """Whether the texts are equal or, where long enough, nearly so."""
        if self.terms == other.terms:
            return True
        if min(len(self.terms), len(other.terms)) < SHORT:
            return False
        common = len(self.terms & other.terms)
        return common >= NEARLY_SAME * (len(self.terms) + len(other.terms) - common)


@lru_cache(maxsize=512)
def _terms_of(text: str) -> frozenset[str]:
    return frozenset(terms(text, "folded"))
