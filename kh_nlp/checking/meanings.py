"""What a duty asks for, so that it is found again in other words.

A superior says "tuyên truyền trên hệ thống truyền thanh cơ sở", the plan below says "loa của xã mỗi
tuần hai buổi". Beside their words, texts are compared by what is done and with what: meanings of
``data/duty_words.tsv``, which weigh more than words; pairs of syllables weigh more than single
ones. Abbreviations count as what they stand for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from kh_nlp.checking.lexicon import rows
from kh_nlp.checking.likeness import terms
from kh_nlp.language import abbreviations, fold

_MEANING = 3.0
"""Weight of a meaning; of a pair of syllables it is 1."""
_SINGLE = 0.25
"""Weight of a single syllable."""


@cache
def _meanings() -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = []
    for meaning, phrases in rows("duty_words.tsv"):
        listed = "|".join(re.escape(phrase.strip()) for phrase in phrases.split(";"))
        found.append((f"#{meaning}", re.compile(rf"\b(?:{listed})\b")))
    return tuple(found)


@cache
def _short_forms() -> re.Pattern[str]:
    listed = "|".join(sorted(map(re.escape, abbreviations()), key=len, reverse=True))
    return re.compile(rf"(?<![\w/-])(?:{listed})(?![\w/-])")


def duty_terms(text: str) -> frozenset[str]:
    """Words, pairs of words and meanings (``#radio``) of a duty or of what may carry it out."""
    text = _short_forms().sub(lambda short: abbreviations()[short[0]][0], text)
    folded = fold(text)
    shown = {meaning for meaning, pattern in _meanings() if pattern.search(folded)}
    return terms(text) | shown


def carried(wanted: frozenset[str], unit: frozenset[str], weight: Mapping[str, float]) -> float:
    """Share (0..1) of the weight of a duty that ``unit`` holds."""
    total = sum(_worth(term, weight) for term in wanted)
    return sum(_worth(term, weight) for term in wanted & unit) / total if total else 1.0


def _worth(term: str, weight: Mapping[str, float]) -> float:
    kind = _MEANING if term.startswith("#") else 1.0 if " " in term else _SINGLE
    return kind * weight.get(term, 1.0)
