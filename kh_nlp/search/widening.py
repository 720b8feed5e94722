"""Other words for those of a query: what the library's plans abbreviate, and everyday words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib.resources import files

from kh_nlp.language import fold, has_accents, search_key
from kh_nlp.library.lexical import terms, units
from kh_nlp.search.query import EXPANSION, Query
from kh_nlp.search.short_forms import ShortForms
from kh_nlp.search.understanding.notation import without_year

CONFLICT = 0.5
"""Part of ``EXPANSION`` for each long form when the plans know several for one short form."""

EVERYDAY = 0.4
"""Weight of a term that stands only in the official words for an everyday one."""


FILTERED = 0.3
"""Weight of a word that became a filter: it need not stand in a passage, and decides ties."""


def focused(words: Query, whole: Query) -> Query:
    """The query of ``words``, those that only ``whole`` has at little weight."""
    if words is whole:
        return words
    weights = dict(words.weights)
    for term in terms(whole.text, words.field):
        weights.setdefault(term, FILTERED)
    return replace(words, weights=weights)


def widened(query: Query, forms: ShortForms, *, everyday: bool = False) -> Query:
    """The query with other ways to write it added to its terms and alternatives."""
    ways = list(_by_forms(query.text, forms))
    if (shorter := without_year(query.text)) is not None:
        ways.append((shorter, 1.0))
    if (padded := _otherwise_padded(query.text)) is not None:
        ways.append((padded, EXPANSION))
    if everyday:
        ways += [(way, EVERYDAY) for way in _officially(query.text)]
    if not ways:
        return query
    weights = dict(query.weights)
    for way, weight in ways:
        for term in terms(way, query.field):
            weights.setdefault(term, weight)
    words = [tuple(unit[0] for unit in units(way, query.field)) for way, _ in ways]
    return replace(
        query,
        weights=weights,
        alternatives=tuple(dict.fromkeys((*query.alternatives, *words))),
    )


def _by_forms(text: str, forms: ShortForms) -> Iterable[tuple[str, float]]:
    for match in re.finditer(r"(?<![\w/&-])[^\W\d_][\w&-]*(?![\w/&])", text):
        longs = forms.long(match[0])
        weight = EXPANSION * (CONFLICT if len(longs) > 1 else 1.0)
        for long in longs:
            yield text[: match.start()] + long + text[match.end() :], weight
    for start, end, short in forms.shortened(text):
        yield text[:start] + short + text[end:], EXPANSION


_DIGIT = re.compile(r"(?<![\w.,/:-])(0?)([1-9])(?![\w.,/:-])")


def _otherwise_padded(text: str) -> str | None:
    """The text with "03" for "3" and "3" for "03": plans print numbers below ten with a zero."""
    padded = _DIGIT.sub(lambda match: match[2] if match[1] else f"0{match[2]}", text)
    return padded if padded != text else None


@cache
def _everyday(accented: bool) -> tuple[tuple[re.Pattern[str], str], ...]:
    text = files("kh_nlp.search").joinpath("data/everyday.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    key = search_key if accented else fold
    found: list[tuple[re.Pattern[str], str]] = []
    for row in sorted(rows, key=lambda row: -len(row[0])):
        if not accented and "accents" in row[2:]:
            continue
        words = r"\s+".join(map(re.escape, key(row[0]).split()))
        found.append((re.compile(rf"(?<![\w-]){words}(?![\w-])"), row[1]))
    return tuple(found)


def _officially(text: str) -> Iterable[str]:
    """The text with everyday words replaced, longest first; one way for each official wording."""
    accented = has_accents(text)
    key = search_key(text) if accented else fold(text)
    if len(key) != len(text):
        return
    taken: list[tuple[int, int]] = []
    for pattern, official in _everyday(accented):
        for match in pattern.finditer(key):
            if any(match.start() < b and a < match.end() for a, b in taken):
                continue
            taken.append(match.span())
            for way in official.split("; "):
                yield text[: match.start()] + way + text[match.end() :]
