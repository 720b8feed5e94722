"""The most probable words of damaged sentences, many sentences at a time.

Two passes of the forward-backward algorithm: with bigrams over many candidates a place, then with
trigrams over the few that are left. What is chosen is the word with the greatest posterior
probability at each place, which is also the confidence that is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kh_nlp.repairing.ngrams import BOUNDARY, Ids, NGrams, Scores

MANY, FEW = 24, 7
"""Candidates a place in the first and in the second pass."""

BATCH = 48  # sentences
LONGEST = 120  # words of a sentence; a longer one is cut

_NEVER = np.float32(-1e4)


@dataclass(frozen=True, slots=True)
class Place:
    """Candidates for one word: ids of the language model and log likelihoods of what was read."""

    ids: Ids
    scores: Scores


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidate chosen for a place (its index there) and its posterior probability."""

    index: int
    probability: float


@dataclass(frozen=True)
class Decoder:
    """Decodes with a language model; ``weight`` scales what was read against it."""

    model: NGrams
    weight: float = 1.0

    @cached_property
    def _bigrams(self) -> NDArray[np.float16]:
        """Log P(w | v) for all pairs of words: size x size, half precision."""
        model = self.model
        table = (model.word_backoff[:, None] + model.unigrams[None, :]).astype(np.float16)
        table.reshape(-1)[model.bigrams] = model.bigram_scores
        return table

    @cached_property
    def _backoff(self) -> NDArray[np.float16]:
        """Back-off weights of all pairs of words: size x size, half precision."""
        table = np.zeros(self.model.size**2, dtype=np.float16)
        table[self.model.bigrams] = self.model.pair_backoff
        return table

    def decode(self, sentences: Sequence[Sequence[Place]]) -> list[list[Choice]]:
        """A choice for each place of each sentence."""
        pieces = [
            (number, start)
            for number, sentence in enumerate(sentences)
            for start in range(0, len(sentence), LONGEST)
        ]
        pieces.sort(key=lambda p: len(sentences[p[0]]) - p[1])
        found: dict[tuple[int, int], list[Choice]] = {}
        for first in range(0, len(pieces), BATCH):
            batch = pieces[first : first + BATCH]
            places = [sentences[number][start : start + LONGEST] for number, start in batch]
            found.update(zip(batch, self._batch(places), strict=True))
        return [
            [
                choice
                for start in range(0, len(sentence), LONGEST)
                for choice in found[number, start]
            ]
            for number, sentence in enumerate(sentences)
        ]

    def _batch(self, sentences: Sequence[Sequence[Place]]) -> Iterator[list[Choice]]:
        ids, scores, length = _padded(sentences)
        posterior = self._by_bigrams(ids, scores * np.float32(self.weight))
        few = min(FEW, ids.shape[2])
        kept = np.argpartition(-posterior, few - 1, axis=2)[:, :, :few]
        ids = np.take_along_axis(ids, kept, 2)
        scores = np.take_along_axis(scores, kept, 2)
        posterior = self._by_trigrams(ids, scores * np.float32(self.weight))
        best = posterior.argmax(2)
        index = np.take_along_axis(kept, best[:, :, None], 2)[:, :, 0]
        chance = np.exp(np.take_along_axis(posterior, best[:, :, None], 2)[:, :, 0])
        for number, count in enumerate(length):
            yield [
                Choice(int(i), float(p))
                for i, p in zip(index[number, :count], chance[number, :count], strict=True)
            ]

    def _by_bigrams(self, ids: Ids, scores: Scores) -> Scores:
        """Log posteriors of all candidates, of the shape of ``ids`` (sentences, places, MANY)."""
        count, length, width = ids.shape
        steps = [
            self._bigrams[ids[:, t - 1, :, None], ids[:, t, None, :]].astype(np.float32)
            for t in range(1, length)
        ]
        forward = np.empty((count, length, width), dtype=np.float32)
        forward[:, 0] = self._bigrams[BOUNDARY, ids[:, 0]] + scores[:, 0]
        for t in range(1, length):
            forward[:, t] = _sum(forward[:, t - 1, :, None] + steps[t - 1], 1) + scores[:, t]
        backward = np.empty_like(forward)
        backward[:, -1] = self._bigrams[ids[:, -1], BOUNDARY]
        for t in range(length - 2, -1, -1):
            ahead = backward[:, t + 1] + scores[:, t + 1]
            backward[:, t] = _sum(steps[t] + ahead[:, None, :], 2)
        both = forward + backward
        result: Scores = both - _sum(both, 2)[:, :, None]
        return result

    def _by_trigrams(self, ids: Ids, scores: Scores) -> Scores:
        """Log posteriors with trigrams; states are pairs of neighbouring candidates."""
        count, length = ids.shape[:2]
        padded = np.full((count, length + 2, 1), BOUNDARY, dtype=np.int64)
        words = [padded[:, 0], padded[:, 1], *(ids[:, t] for t in range(length)), padded[:, 0]]
        steps = [self._trigrams(words[t], words[t + 1], words[t + 2]) for t in range(length + 1)]
        forward = [np.zeros((count, 1, 1), dtype=np.float32)]
        for t in range(length):
            ahead = forward[-1][:, :, :, None] + steps[t]
            forward.append(_sum(ahead, 1) + scores[:, t, None, :])
        backward = [np.zeros((count, 1, 1), dtype=np.float32)] * (length + 1)
        backward[length] = steps[length][:, :, :, 0]
        for t in range(length - 1, 0, -1):
            ahead = steps[t] + (backward[t + 1] + scores[:, t, None, :])[:, None, :, :]
            backward[t] = _sum(ahead, 3)
        result = np.stack([_sum(forward[t] + backward[t], 1) for t in range(1, length + 1)], 1)
        total: Scores = result - _sum(result, 2)[:, :, None]
        return total

    def _trigrams(self, u: Ids, v: Ids, w: Ids) -> Scores:
        """Log P(w | u v) for all combinations: sentences x |u| x |v| x |w|."""
        size = self.model.size
        pairs = u[:, :, None] * size + v[:, None, :]
        low = self._bigrams[v[:, :, None], w[:, None, :]][:, None].astype(np.float32)
        low = low + self._backoff[pairs][:, :, :, None]
        keys = pairs[:, :, :, None] * size + w[:, None, None, :]
        at = np.searchsorted(self.model.trigrams, keys)
        np.minimum(at, len(self.model.trigrams) - 1, out=at)
        found = self.model.trigrams[at] == keys
        result: Scores = np.where(found, self.model.trigram_scores[at], low)
        return result


def _padded(sentences: Sequence[Sequence[Place]]) -> tuple[Ids, Scores, list[int]]:
    """Arrays (sentences, places, MANY); missing candidates never win, missing places are ends."""
    length = [len(sentence) for sentence in sentences]
    shape = (len(sentences), max(length), MANY)
    ids = np.full(shape, BOUNDARY, dtype=np.int64)
    scores = np.full(shape, _NEVER, dtype=np.float32)
    for i, sentence in enumerate(sentences):
        scores[i, len(sentence) :, 0] = 0
        for t, place in enumerate(sentence):
            ids[i, t, : len(place.ids)] = place.ids
            scores[i, t, : len(place.ids)] = place.scores
    return ids, scores, length


def _sum(values: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """Logarithm of the sum of exponentials along an axis."""
    top = values.max(axis=axis, keepdims=True)
    total = np.log(np.exp(values - top).sum(axis=axis)) + np.squeeze(top, axis)
    return np.asarray(total, dtype=np.float32)
