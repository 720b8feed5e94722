"""Which candidates say the same, found out with as little reading as possible."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from kh_nlp.library.lexical import LexicalSegment, terms

NEARLY_SAME = 0.8
"""Jaccard likeness of bigrams above which units of two plans are one hit."""

SHORT = 8
"""Words below which texts are too short for likeness to mean copying; they must be equal."""


_APART = (1 - NEARLY_SAME) / (1 + NEARLY_SAME)
"""Share of the terms of both texts that may be in one only when they are as alike as that."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """Odd sketch of a text's terms, and how many they are."""

    bits: int
    size: int

    def may_equal(self, other: Sketch) -> bool:
        """False only where the texts are certainly no copies of each other."""
        apart = (self.bits ^ other.bits).bit_count()  # at most the terms that one of them lacks
        if apart > _APART * (self.size + other.size) + 1e-6:
            return False
        if self.size < SHORT or other.size < SHORT:
            return apart == 0 and self.size == other.size
        return True


def sketches(segments: Sequence[LexicalSegment], ids: Sequence[int]) -> dict[int, Sketch]:
    """Sketches of passages; those of segments that keep none are missing."""
    found: dict[int, Sketch] = {}
    for segment in segments:
        if segment.sketches is None or segment.sizes is None or not len(segment.passages):
            continue
        places = np.searchsorted(segment.passages, ids)
        places[places == len(segment.passages)] = 0
        for passage, place in zip(ids, places.tolist(), strict=True):
            if segment.passages[place] == passage:
                bits = int.from_bytes(segment.sketches[place].tobytes(), "little")
                found[passage] = Sketch(bits, int(segment.sizes[place]))
    return found


@dataclass(slots=True)
class Words:
    """The terms of one candidate, read only when a sketch cannot decide."""

    sketch: Sketch | None
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
        if self.sketch and other.sketch and not self.sketch.may_equal(other.sketch):
            return False
        if self.terms == other.terms:
            return True
        if min(len(self.terms), len(other.terms)) < SHORT:
            return False
        common = len(self.terms & other.terms)
        return common >= NEARLY_SAME * (len(self.terms) + len(other.terms) - common)


@lru_cache(maxsize=512)
def _terms_of(text: str) -> frozenset[str]:
    return frozenset(terms(text, "folded"))
