"""Where the words of a query stand in a text, and how much of the query they make up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import overload

from kh_nlp.language import Cut, fold, nfc
from kh_nlp.library.lexical import keys
from kh_nlp.model import Span
from kh_nlp.search.query import Query, function_words
from kh_nlp.search.question_words import asking

ALONE = 0.5
"""What a syllable counts without the neighbours that it has in the query."""

# A Vietnamese syllable in folded form; what does not fit is a word of its own (Zalo, VNeID, 2026).
_SYLLABLE = re.compile(
    r"(?:ngh?|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ch|nh|ng|[cmnpt])?"
)

# The digits of a document number: 61/2018/NĐ-CP, 57-NQ/TW; not of a date.
_NUMBER = re.compile(r"(\d+)(?=[/-].*[^\W\d_])")


@dataclass(frozen=True, slots=True)
class _Text:
    """A text cut into words, with their keys; ``known`` are the places of words of the query."""

    cut: Cut
    keys: list[str]
    known: list[int]

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Places of words of the query that stand side by side."""
        return (pair for pair in pairwise(self.known) if pair[1] == pair[0] + 1)


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
        self._sought = self._asked | self._single
        self._texts: dict[str, _Text] = {}

    def _read(self, text: str) -> _Text:
        """``text`` read; once, for a hit is marked and weighed and its title is that of others."""
        read = self._texts.get(text)
        if read is None:
            cut = Cut(text)
            found = keys(cut.words, self._field)
            known = [place for place, key in enumerate(found) if key in self._sought]
            read = self._texts[text] = _Text(cut, found, known)
        return read

    def _way(
        self, words: tuple[str, ...], idfs: Mapping[str, float]
    ) -> list[tuple[str, float, list[str]]]:
        """(word, weight, pairs one of which makes it whole; none where it is whole alone)."""
        dropped = frozenset() if self._stops.issuperset(words) else self._stops
        asks = asking(words, self._field)
        if all(place in asks or word in dropped for place, word in enumerate(words)):
            asks = set()
        found: list[tuple[str, float, list[str]]] = []
        for place, word in enumerate(words):
            if word in dropped or place in asks:
                continue
            alone = len(words) == 1 or not _SYLLABLE.fullmatch(fold(word))
            beside = [] if alone else words[max(0, place - 1) : place + 2]
            pairs = [f"{one} {other}" for one, other in pairwise(beside)]
            found.append((word, idfs.get(word, 0.0), pairs))
        return found

    def highlights(self, text: str) -> tuple[Span, ...]:
        """Offsets into NFC ``text`` of what matches, neighbours joined.

        Two adjacent syllables of the query are a word far more often than one alone, so single
        syllables count only where no pair of the query stands in the text; codes and numbers
        always.
        """
        read = self._read(text)
        paired: set[int] = set()
        for one, other in read.pairs():
            if f"{read.keys[one]} {read.keys[other]}" in self._weights:
                paired.update((one, other))
        codes = read.cut.codes
        marked = [
            place
            for place in (sorted({*read.known, *codes}) if codes else read.known)
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
        number = _NUMBER.match(key)
        return code and number is not None and number[1] in self._single

    def standing(self, texts: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Words of the query, without function words, that stand in ``texts``; and those missing.

        In the field of the query: without accents where it was typed so. Of the ways to write the
        query the one counts of which most stands there: "CTMTQG" is not missing where it is spelled
        out.
        """
        read = [self._read(nfc(text)) for text in texts]
        present = self._present(read)
        held = {term for text in texts for term in self.held(text)}
        best = max(self._ways, key=lambda way: self._part(way, held))  # the first of equal ones
        asked = dict.fromkeys(word for word, _, _ in best)
        return (
            tuple(word for word in asked if word in present),
            tuple(word for word in asked if word not in present),
        )

    def _present(self, read: Sequence[_Text]) -> set[str]:
        """Words of the query that stand in the texts."""
        present = {one.keys[place] for one in read for place in one.known}
        # The number of a document stands for it: "06" is in "06/QĐ-TTg".
        codes = (one.keys[place] for one in read for place in one.cut.codes)
        return present.union(number[1] for key in codes if (number := _NUMBER.match(key)))

    def share(self, texts: Sequence[str]) -> float:
        """Share (0..1) of the query's words, by idf, that stand in ``texts`` together.

        Most Vietnamese words are pairs of syllables: a syllable counts in full where it stands
        beside a neighbour that it has in the query, and ``ALONE`` elsewhere ("thời" of "thời tiết"
        in "thời gian"). Function words, and those that only ask ("bao nhiêu"), are left out unless
        there is nothing else. A query may be
        written in several ways ("CCHC", "cải cách hành chính"); the best of them counts.
        """
        return self.share_of({term for text in texts for term in self.held(text)})

    def share_of(self, held: Set[str]) -> float:
        """The same for a text that holds these terms (words and pairs) of the query."""
        return max((self._part(way, held) for way in self._ways), default=0.0)

    def _part(self, way: Sequence[tuple[str, float, list[str]]], held: Set[str]) -> float:
        total = matched = 0.0
        for word, weight, beside in way:
            total += weight
            if word in held:
                whole = not beside or any(pair in held for pair in beside)
                matched += weight * (1.0 if whole else ALONE)
        return matched / total if total > 0 else 0.0

    def held(self, text: str) -> set[str]:
        """Words and pairs of the query that stand in ``text``."""
        read = self._read(nfc(text))
        return self._present([read]) | {f"{read.keys[a]} {read.keys[b]}" for a, b in read.pairs()}


class Marks(Sequence[Span]):
    """The highlights of one text, worked out when they are first read.

    A text must be cut into words for them, half the work of showing a hit; who only counts hits, or
    passes them on by their places, does not pay for it.
    """

    def __init__(self, marker: Marker, text: str) -> None:
        self._marker, self._text = marker, text

    @cached_property
    def _spans(self) -> tuple[Span, ...]:
        return self._marker.highlights(self._text)

    @overload
    def __getitem__(self, index: int) -> Span: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Span, ...]: ...

    def __getitem__(self, index: int | slice) -> Span | tuple[Span, ...]:
        return self._spans[index]

    def __len__(self) -> int:
        return len(self._spans)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._spans == tuple(other)

    def __hash__(self) -> int:
        return hash(self._spans)

    def __repr__(self) -> str:
        return repr(self._spans)


def highlights(text: str, query: Query) -> tuple[Span, ...]:
    """See ``Marker.highlights``."""
    return Marker(query, {}).highlights(text)


def matched_share(text: str | Sequence[str], query: Query, idfs: Mapping[str, float]) -> float:
    """See ``Marker.share``."""
    return Marker(query, idfs).share((text,) if isinstance(text, str) else text)
