"""Where the words of a query stand in a text, and how much of the query they make up."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from kh_nlp.language import fold, nfc
from kh_nlp.library.lexical import Field, units
from kh_nlp.model import Span
from kh_nlp.search.query import Query, function_words


def highlights(text: str, query: Query) -> tuple[Span, ...]:
    """Offsets into NFC ``text`` of what matches, neighbours joined.

    Two adjacent syllables of the query are a word far more often than one alone, so single
    syllables count only where no pair of the query stands in the text; codes and numbers always.
    """
    found = _units(text, query.field)
    wanted = {word for word in query.weights if " " not in word}
    paired: set[int] = set()
    known = [key in wanted for key, _, _, _ in found]
    for index in range(len(found) - 1):
        if (
            known[index]
            and known[index + 1]
            and f"{found[index][0]} {found[index + 1][0]}" in query.weights
        ):
            paired.update((index, index + 1))
    stops = function_words(query.field)
    marked = [
        index
        for index, (key, _, _, code) in enumerate(found)
        if index in paired
        or (code and key.split("/", 1)[0] in wanted and "/" in key and not key[-1].isdigit())
        or (
            key in wanted
            and (code or any(c.isdigit() for c in key) or not (paired or key in stops))
        )
    ]
    spans: list[tuple[int, int]] = []
    for index in marked:
        start, end = found[index][1], found[index][2]
        if spans and not text[spans[-1][1] : start].strip():
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple(spans)


ALONE = 0.5
"""What a syllable counts without the neighbours that it has in the query."""

# A Vietnamese syllable in folded form; what does not fit is a word of its own (Zalo, VNeID, 2026).
_SYLLABLE = re.compile(
    r"(?:ngh?|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ch|nh|ng|[cmnpt])?"
)


@lru_cache(maxsize=64)  # a hit is marked and weighed; its heading and title are those of others
def _units(text: str, field: Field) -> tuple[tuple[str, int, int, bool], ...]:
    return tuple(units(text, field))


def matched_share(text: str | Sequence[str], query: Query, idfs: Mapping[str, float]) -> float:
    """Share (0..1) of the query's words, by idf, that stand in ``text``, or in several together.

    Most Vietnamese words are pairs of syllables: a syllable counts in full where it stands beside
    a neighbour that it has in the query, and ``ALONE`` elsewhere ("thời" of "thời tiết" in "thời
    gian"). Function words are left out unless there is nothing else. A query may be written in
    several ways ("CCHC", "cải cách hành chính"); the best of them counts.
    """
    parts = (text,) if isinstance(text, str) else text
    keys = [key for part in parts for key, _, _, _ in _units(nfc(part), query.field)]
    # The number of a document stands for it: "06" is in "06/QĐ-TTg".
    present = {*keys, *(key.split("/", 1)[0] for key in keys if "/" in key)}
    asked = {word for words in (query.words, *query.alternatives) for word in words}
    pairs = {(key, following) for key, following in pairwise(keys) if key in asked}
    stops = function_words(query.field)
    best = 0.0
    for words in (query.words, *query.alternatives):
        total = matched = 0.0
        for place, word in enumerate(words):
            weight = idfs.get(word, 0.0)
            if word in stops and not stops.issuperset(words):
                continue
            total += weight
            if word in present:
                beside = pairwise(words[max(0, place - 1) : place + 2])
                whole = (
                    len(words) == 1
                    or not _SYLLABLE.fullmatch(fold(word))
                    or any(pair in pairs for pair in beside)
                )
                matched += weight * (1.0 if whole else ALONE)
        if total > 0:
            best = max(best, matched / total)
    return best
