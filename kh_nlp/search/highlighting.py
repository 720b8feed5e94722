"""Where the words of a query stand in a text, and how much of the query they make up."""

from __future__ import annotations

from collections.abc import Mapping

from kh_nlp.language import nfc
from kh_nlp.library.lexical import units
from kh_nlp.model import Span
from kh_nlp.search.query import Query, function_words


def highlights(text: str, query: Query) -> tuple[Span, ...]:
    """Offsets into NFC ``text`` of what matches, neighbours joined.

    Two adjacent syllables of the query are a word far more often than one alone, so single
    syllables count only where no pair of the query stands in the text; codes and numbers always.
    """
    found = units(text, query.field)
    wanted = {word for word in query.weights if " " not in word}
    paired: set[int] = set()
    for index in range(len(found) - 1):
        if f"{found[index][0]} {found[index + 1][0]}" in query.weights:
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


def matched_share(text: str, query: Query, idfs: Mapping[str, float]) -> float:
    """Share (0..1) of the query's words, by idf, that stand in ``text``.

    Function words are left out unless there is nothing else. A query may be written in several
    ways ("CCHC", "cải cách hành chính"); the best of them counts.
    """
    present = {key for key, _, _, _ in units(nfc(text), query.field)}
    # The number of a document stands for it: "06" is in "06/QĐ-TTg".
    present |= {key.split("/", 1)[0] for key in present if "/" in key}
    stops = function_words(query.field)
    best = 0.0
    for words in (query.words, *query.alternatives):
        content = [word for word in words if word not in stops] or list(words)
        weights = [idfs.get(word, 0.0) for word in content]
        if sum(weights) > 0:
            matched = sum(w for word, w in zip(content, weights, strict=True) if word in present)
            best = max(best, matched / sum(weights))
    return best
