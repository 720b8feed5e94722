"""What a query asks for: its terms in the right field, and how much meaning may count."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as has
from functools import cache, lru_cache

from kh_nlp.errors import UsageError
from kh_nlp.language import expand, fold, has_accents, nfc, search_key, stop_words, tokens
from kh_nlp.library.lexical import Field, terms, units
from kh_nlp.search.accents import Accents

LONGEST = 1000
"""Characters of a query that are read: more is a document, not a question."""

EXPANSION = 0.5
"""Weight of a term that stands only in another way to write the query (CCHC, cải cách …)."""

LOOSE = 0.6
"""Weight of a pair of syllables one of which is a function word. Over 370 long questions on law
articles nDCG@10 of the lexical leg is .896 at 1.0, .894 at 0.6 and .891 at 0.3; in short queries
("dang bai tren facebook") such a pair outweighs the one word that matters."""

FEW = 5
"""Words of a query from which it is more than a few keywords."""

_QUESTION = re.compile(
    r"(?i)\?|\b(?:ai|gì|nào|đâu|bao nhiêu|bao lâu|khi nào|thế nào|như thế nào|tại sao|vì sao|"
    r"có phải|đúng hay sai|hay không|được không|ra sao|những ai)\b"
)
_QUOTED = re.compile(r"[\"“”]([^\"“”]+)[\"“”]")


@dataclass(frozen=True, slots=True)
class Query:
    """A query made ready.

    ``weights`` are the index terms (syllables and bigrams) with their weights; ``words`` the
    syllables, codes and numbers in the user's own spelling; ``alternatives`` those of
    each other way to write the query. ``meaning`` is what the dense leg reads: the text, with its
    accents restored where it was typed without them; ``restored`` are its terms in the accented
    field then, whose scores count half beside those of the folded one.
    """

    text: str
    field: Field
    weights: dict[str, float]
    words: tuple[str, ...]
    alternatives: tuple[tuple[str, ...], ...]
    dense_weight: float
    meaning: str
    restored: dict[str, float] = has(default_factory=dict, hash=False)


def read_query(text: str, accents: Accents | None = None) -> Query:
    """The query for ``text``; UsageError when there is nothing in it but blanks.

    ``accents`` gives a query typed without them those that it lacks, as the passages of its library
    suggest; without it no library is asked.
    """
    cleaned = " ".join(nfc(text).replace("\0", " ").split())[:LONGEST]
    if not cleaned:
        raise UsageError("Câu hỏi trống.")
    # Without accents only the folded field can match; codes are folded there alike.
    field: Field = "accented" if has_accents(cleaned) else "folded"
    meaning = cleaned if field == "accented" else (accents or Accents()).restored(cleaned)
    return _read(cleaned, field, meaning)


def folded(query: Query) -> Query:
    """The same query in the folded field (for words that were typed with wrong accents)."""
    return _read(query.text, "folded", query.meaning)


@lru_cache(maxsize=256)  # a query is read as typed, and again as it was understood
def _read(text: str, field: Field, meaning: str) -> Query:
    others = expand(text)
    return Query(
        text=text,
        field=field,
        weights=_weights(text, others, field),
        words=_words(text, field),
        alternatives=tuple(_words(other, field) for other in others),
        dense_weight=_dense_weight(meaning),
        meaning=meaning,
        restored=_weights(meaning, expand(meaning), "accented") if meaning != text else {},
    )


def _weights(text: str, others: Iterable[str], field: Field) -> dict[str, float]:
    """Terms of ``text``, and at less weight those of the ``others`` only."""
    stops = function_words(field)
    weights = {term: _weight(term, stops) for term in terms(text, field)}
    for other in others:
        for term in terms(other, field):
            weights.setdefault(term, EXPANSION * _weight(term, stops))
    return weights


def _weight(term: str, stops: frozenset[str]) -> float:
    """A pair with a function word ("bài trên") is rare by chance, not because it means much."""
    return LOOSE if " " in term and not stops.isdisjoint(term.split(" ")) else 1.0


@cache
def function_words(field: Field) -> frozenset[str]:
    """The stop words in the spelling of a field."""
    key = search_key if field == "accented" else fold
    return frozenset(key(word) for word in stop_words())


def _words(text: str, field: Field) -> tuple[str, ...]:
    return tuple(unit[0] for unit in units(text, field))


def _dense_weight(text: str) -> float:
    """Share of the dense score: little for codes and quotations, more for whole questions.

    A document number or a quotation is meant literally; a long question shares few words with its
    answer. The curve is flat: on 65 queries over the samples nDCG@10 is .615 at 0.3, .623 at 0.4,
    .631 at 0.5 and 0.6 and .589 at 0.8, while the legs alone have .574 (lexical) and .513 (dense);
    keywords are best at 0.4, numbers of documents at 0.1 to 0.3, questions at 0.5.
    """
    found = list(tokens(text))
    if any(token.code for token in found) or _QUOTED.search(text):
        return 0.2
    if len(found) >= FEW or _QUESTION.search(text):
        return 0.5
    return 0.4
