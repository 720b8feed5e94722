"""Whether words say what is sought, or only ask."""

from __future__ import annotations

from functools import cache

from kh_nlp.language import has_accents
from kh_nlp.library.lexical import Field, units
from kh_nlp.search.query import function_words
from kh_nlp.search.question_words import asking
from kh_nlp.search.understanding.vocabulary import words


def says_nothing(text: str) -> bool:
    """Whether ``text`` (NFC) holds no word that could stand in an answer: "những việc gì"."""
    field: Field = "accented" if has_accents(text) else "folded"
    found = [unit[0] for unit in units(text, field)]
    asks = asking(found, field)
    return all(
        place in asks or word in function_words(field) or word in _vague(field)
        for place, word in enumerate(found)
    )


@cache
def _vague(field: Field) -> frozenset[str]:
    return frozenset(
        word for words_ in words("nothing", field == "accented") for word in words_.split()
    )
