"""A syllable language model in flat arrays: log probabilities of many trigrams in one call.

Absolute discounting with back-off (Katz): what the model holds of a trigram, a bigram or a word is
its full log probability; what it does not hold is the back-off weight of the context plus the
shorter one. Logarithms are natural, in steps of ``STEP``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ids: TypeAlias = NDArray[np.int64]
Scores: TypeAlias = NDArray[np.float32]

BOUNDARY, NUMBER, UNKNOWN = 0, 1, 2
"""Ids of what is no word of the vocabulary: a sentence's end, a number or code, another word."""
RESERVED = 3

STEP = 1 / 14
"""Size of one step of the stored log probabilities: 255 steps reach down to e^-18."""


@dataclass(frozen=True, slots=True)
class NGrams:
    """Keys are sorted: bigram ``v * size + w``; trigram ``(u * size + v) * size + w``."""

    size: int
    unigrams: Scores
    word_backoff: Scores
    bigrams: Ids
    bigram_scores: Scores
    pair_backoff: Scores
    trigrams: Ids
    trigram_scores: Scores

    def score(self, u: Ids, v: Ids, w: Ids) -> Scores:
        """Log P(w | u v), arrays of one shape (or broadcast to one)."""
        pairs = u * self.size + v
        low = self._bigram(v, w) + self._backoff(pairs)
        keys = pairs * self.size + w
        found, at = _find(self.trigrams, keys)
        return np.where(found, self.trigram_scores[at], low)

    def _bigram(self, v: Ids, w: Ids) -> Scores:
        found, at = _find(self.bigrams, v * self.size + w)
        low = self.word_backoff[v] + self.unigrams[w]
        return np.where(found, self.bigram_scores[at], low)

    def _backoff(self, pairs: Ids) -> Scores:
        found, at = _find(self.bigrams, pairs)
        return np.where(found, self.pair_backoff[at], np.float32(0))

    def packed(self) -> dict[str, NDArray[Any]]:
        """The model as small arrays, which ``unpack`` takes."""
        second = self.bigrams // self.size
        third = np.searchsorted(self.bigrams, self.trigrams // self.size)
        return {
            "unigrams": _steps(self.unigrams),
            "word_backoff": _steps(self.word_backoff),
            "bigram_counts": np.bincount(second, minlength=self.size).astype(np.uint16),
            "bigram_words": (self.bigrams % self.size).astype(np.uint16),
            "bigram_scores": _steps(self.bigram_scores),
            "pair_backoff": _steps(self.pair_backoff),
            "trigram_counts": np.bincount(third, minlength=len(self.bigrams)).astype(np.uint16),
            "trigram_words": (self.trigrams % self.size).astype(np.uint16),
            "trigram_scores": _steps(self.trigram_scores),
        }


def unpack(arrays: Mapping[str, NDArray[Any]]) -> NGrams:
    """The model that ``NGrams.packed`` gave."""
    unigrams = _scores(arrays["unigrams"])
    size = len(unigrams)
    first = np.repeat(np.arange(size, dtype=np.int64), arrays["bigram_counts"])
    bigrams = first * size + arrays["bigram_words"]
    contexts = np.repeat(bigrams, arrays["trigram_counts"])
    return NGrams(
        size=size,
        unigrams=unigrams,
        word_backoff=_scores(arrays["word_backoff"]),
        bigrams=bigrams,
        bigram_scores=_scores(arrays["bigram_scores"]),
        pair_backoff=_scores(arrays["pair_backoff"]),
        trigrams=contexts * size + arrays["trigram_words"],
        trigram_scores=_scores(arrays["trigram_scores"]),
    )


def _find(keys: Ids, wanted: Ids) -> tuple[NDArray[np.bool_], Ids]:
    at = np.searchsorted(keys, wanted)
    np.minimum(at, len(keys) - 1, out=at)
    return keys[at] == wanted, at


def _steps(scores: Scores) -> NDArray[np.uint8]:
    # A back-off weight may lie a little above 0: a context whose kept words are all rare ones.
    steps = np.clip(np.rint((2 - scores) / STEP), 0, 255)
    return np.asarray(steps, dtype=np.uint8)


def _scores(steps: NDArray[np.uint8]) -> Scores:
    return (2 - steps.astype(np.float32) * np.float32(STEP)).astype(np.float32)
