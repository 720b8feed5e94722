"""The words of a query, syllables joined, and how much of them a passage holds.

Most Vietnamese words are two syllables. That a passage holds "sốt" (of "sốt xuất huyết") and that
it says "phòng chống" before it makes it no passage about "sốt rét". So the query is cut into words
first: two syllables are one where the library has them side by side far more often than chance
would (pointwise mutual information), and so are two neighbours that are left over and stand side
by side nowhere ("hiến máu" in a library that only speaks of "Hiến pháp").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from math import log

from kh_nlp.library.lexical import Field
from kh_nlp.search.query import function_words
from kh_nlp.search.question_words import asking
from kh_nlp.search.syllables import is_syllable

TOGETHER = 1.0
"""Logarithm of how many times oftener than by chance two syllables of a word stand together."""

BOUND = 0.4
"""Part of its passages in which a syllable stands beside a function word that makes a word with
it ("một cửa")."""

ALONE = 0.5
"""What a syllable counts without the other one of its word, or without any neighbour."""


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a query. ``whole`` are the terms one of which makes it whole, none where it is
    whole alone; ``syllables`` its syllables with their parts of what is counted without.
    """

    weight: float
    whole: tuple[str, ...]
    syllables: tuple[tuple[str, float], ...]

    def held(self, held: Set[str]) -> float:
        """How much of it stands in a passage that holds these terms, 0 to 1."""
        there = sum(part for syllable, part in self.syllables if syllable in held)
        if len(self.syllables) == 1 and not there:
            return 0.0
        if not self.whole or any(term in held for term in self.whole):
            return 1.0
        return ALONE * there


class Compounds:
    """A query cut into words, in each way that it may be written."""

    def __init__(
        self,
        ways: Sequence[Sequence[str]],
        field: Field,
        idfs: Mapping[str, float],
        passages: int,
    ) -> None:
        """``idfs`` of its syllables and pairs, in a library of so many ``passages``."""
        self._idfs = idfs
        self._nowhere = log(1.0 + (passages + 0.5) / 0.5)
        self._field = field
        self._ways = [parts for way in ways if (parts := self._parts(way))]

    def evidence(self, held: Set[str]) -> tuple[float, float]:
        """(share held, share of the one word of which most is missing) by idf, of the best way.

        Function words and words that only ask are left out unless there is nothing else.
        """
        return max((_evidence(parts, held) for parts in self._ways), default=(0.0, 1.0))

    def _parts(self, words: Sequence[str]) -> list[Part]:
        stops = function_words(self._field)
        dropped = frozenset() if stops.issuperset(words) else stops
        asks = asking(words, self._field)
        if all(place in asks or word in dropped for place, word in enumerate(words)):
            asks = set()
        kept = [
            (first, count)
            for first, count in self._cut(words, asks, stops)
            if not all(
                place in asks or words[place] in dropped for place in range(first, first + count)
            )
        ]
        parts: list[Part] = []
        taken = -1
        for (first, count), after in zip(kept, [*kept[1:], None], strict=True):
            if first <= taken:
                continue
            left_over = (
                count == 1
                and after == (first + 1, 1)
                and is_syllable(words[first])
                and is_syllable(words[first + 1])
            )
            size = 2 if left_over else count
            taken = first + size - 1
            parts.append(self._word(words, first) if size == 2 else self._single(words, first))
        return parts

    def _cut(self, words: Sequence[str], asks: Set[int], stops: Set[str]) -> list[tuple[int, int]]:
        """(first place, syllables) of each word: the cut with the most mutual information."""
        best, sizes = [0.0], [1]
        for end in range(1, len(words) + 1):
            total, size = best[end - 1], 1
            if end > 1 and not asks & {end - 1, end - 2}:
                gain = self._together(words[end - 2], words[end - 1], stops)
                if gain > 0 and best[end - 2] + gain > total:
                    total, size = best[end - 2] + gain, 2
            best.append(total)
            sizes.append(size)
        found: list[tuple[int, int]] = []
        end = len(words)
        while end:
            found.append((end - sizes[end], sizes[end]))
            end -= sizes[end]
        return found[::-1]

    def _together(self, one: str, other: str, stops: Set[str]) -> float:
        """How much oftener than by chance two syllables stand together, in logarithms."""
        pair = self._idf(f"{one} {other}")
        if pair >= self._nowhere - 1e-9 or not (is_syllable(one) and is_syllable(other)):
            return 0.0
        alone = [self._idf(word) for word in (one, other) if word not in stops]
        if not alone or (len(alone) == 1 and alone[0] - pair < log(BOUND)):
            return 0.0
        return self._idf(one) + self._idf(other) - pair - TOGETHER

    def _word(self, words: Sequence[str], first: int) -> Part:
        syllables = words[first], words[first + 1]
        pair = " ".join(syllables)
        idfs = [self._idf(syllable) for syllable in syllables]
        total = sum(idfs) or 1.0
        return Part(
            (self._idf(pair) + total) / 2,
            (pair,),
            tuple((word, idf / total) for word, idf in zip(syllables, idfs, strict=True)),
        )

    def _single(self, words: Sequence[str], first: int) -> Part:
        word = words[first]
        beside = words[max(0, first - 1) : first + 2] if is_syllable(word) else ()
        pairs = tuple(f"{a} {b}" for a, b in pairwise(beside))
        return Part(self._idf(word), pairs, ((word, 1.0),))

    def _idf(self, term: str) -> float:
        return self._idfs.get(term, self._nowhere)


def _evidence(parts: Sequence[Part], held: Set[str]) -> tuple[float, float]:
    total = sum(part.weight for part in parts)
    if total <= 0:
        return 0.0, 1.0
    got = [part.weight * part.held(held) for part in parts]
    missing = max(part.weight - one for part, one in zip(parts, got, strict=True))
    return sum(got) / total, missing / total
