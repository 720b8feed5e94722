"""Where the words of a query stand in a text, and how much of the query they make up."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from kh_nlp.language import Cut, fold, nfc
from kh_nlp.library.lexical import Field, keys
from kh_nlp.model import Span
from kh_nlp.search.query import Query, function_words

ALONE = 0.5
"""What a syllable counts without the neighbours that it has in the query."""

# A Vietnamese syllable in folded form; what does not fit is a word of its own (Zalo, VNeID, 2026).
_SYLLABLE = re.compile(
    r"(?:ngh?|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ch|nh|ng|[cmnpt])?"
)


@dataclass(frozen=True, slots=True)
class _Text:
    """A text cut into words, with their keys."""

    cut: Cut
    keys: list[str]


@lru_cache(maxsize=512)  # a hit is marked and weighed; its heading and title are those of others
def _read(text: str, field: Field) -> _Text:
    cut = Cut(text)
    return _Text(cut, keys(cut.words, field))


class Marker:
    """One query, made ready to be looked for in many texts. ``idfs`` are those of its terms."""

    def __init__(self, query: Query, idfs: Mapping[str, float]) -> None:
        self._field = query.field
        self._weights = query.weights
        self._single = {word for word in query.weights if " " not in word}
        self._stops = function_words(query.field)
        ways = (query.words, *query.alternatives)
        self._asked = {word for words in ways for word in words}
        self._ways = [self._way(words, idfs) for words in ways]

    def _way(
        self, words: tuple[str, ...], idfs: Mapping[str, float]
    ) -> list[tuple[str, float, list[tuple[str, str]]]]:
        """(word, weight, pairs one of which makes it whole; none where it is whole alone)."""
        dropped = frozenset() if self._stops.issuperset(words) else self._stops
        found: list[tuple[str, float, list[tuple[str, str]]]] = []
        for place, word in enumerate(words):
            if word in dropped:
                continue
            alone = len(words) == 1 or not _SYLLABLE.fullmatch(fold(word))
            beside = [] if alone else [*pairwise(words[max(0, place - 1) : place + 2])]
            found.append((word, idfs.get(word, 0.0), beside))
        return found

    def highlights(self, text: str) -> tuple[Span, ...]:
        """Offsets into NFC ``text`` of what matches, neighbours joined.

        Two adjacent syllables of the query are a word far more often than one alone, so single
        syllables count only where no pair of the query stands in the text; codes and numbers
        always.
        """
        read = _read(text, self._field)
        known = [place for place, key in enumerate(read.keys) if key in self._single]
        paired: set[int] = set()
        for one, other in pairwise(known):
            if other == one + 1 and f"{read.keys[one]} {read.keys[other]}" in self._weights:
                paired.update((one, other))
        codes = read.cut.codes
        marked = [
            place
            for place in sorted({*known, *codes})
            if place in paired or self._counts(read.keys[place], place in codes, bool(paired))
        ]
        if not marked:
            return ()
        spans: list[tuple[int, int]] = []
        for start, end in map(read.cut.span, marked):
            if spans and not text[spans[-1][1] : start].strip():
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        return tuple(spans)

    def _counts(self, key: str, code: bool, paired: bool) -> bool:
        """Whether a word that stands in no pair is marked."""
        if key in self._single and (
            not (paired or key in self._stops) or code or any(c.isdigit() for c in key)
        ):
            return True
        number, slash, _ = key.partition("/")
        return code and bool(slash) and number in self._single and not key[-1].isdigit()

    def standing(self, texts: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Words of the query, without function words, that stand in ``texts``; and those missing.

        In the field of the query: without accents where it was typed so.
        """
        read = [_read(nfc(text), self._field) for text in texts]
        present = {key for one in read for key in one.keys}
        present |= {key.split("/", 1)[0] for key in present if "/" in key}
        asked = dict.fromkeys(word for word, _, _ in self._ways[0])
        return (
            tuple(word for word in asked if word in present),
            tuple(word for word in asked if word not in present),
        )

    def share(self, texts: Sequence[str]) -> float:
        """Share (0..1) of the query's words, by idf, that stand in ``texts`` together.

        Most Vietnamese words are pairs of syllables: a syllable counts in full where it stands
        beside a neighbour that it has in the query, and ``ALONE`` elsewhere ("thời" of "thời tiết"
        in "thời gian"). Function words are left out unless there is nothing else. A query may be
        written in several ways ("CCHC", "cải cách hành chính"); the best of them counts.
        """
        read = [_read(nfc(text), self._field) for text in texts]
        keys = [key for one in read for key in one.keys]
        # The number of a document stands for it: "06" is in "06/QĐ-TTg".
        codes = (one.keys[place] for one in read for place in one.cut.codes)
        present = {*keys, *(key.split("/", 1)[0] for key in codes)}
        pairs = {pair for pair in pairwise(keys) if pair[0] in self._asked}
        best = 0.0
        for way in self._ways:
            total = matched = 0.0
            for word, weight, beside in way:
                total += weight
                if word in present:
                    whole = not beside or any(pair in pairs for pair in beside)
                    matched += weight * (1.0 if whole else ALONE)
            if total > 0:
                best = max(best, matched / total)
        return best


def highlights(text: str, query: Query) -> tuple[Span, ...]:
    """See ``Marker.highlights``."""
    return Marker(query, {}).highlights(text)


def matched_share(text: str | Sequence[str], query: Query, idfs: Mapping[str, float]) -> float:
    """See ``Marker.share``."""
    return Marker(query, idfs).share((text,) if isinstance(text, str) else text)
