"""What a plan does with its subject, as its title tells: informs, inspects, holds a contest.

Plans that do different things with one subject are built differently: they are neither copied from
nor compared with one another. Knowledge lies in ``data/acts.tsv``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from kh_nlp.checking.lexicon import rows
from kh_nlp.language import fold


@cache
def _acts() -> tuple[tuple[str, str], ...]:
    return tuple(
        (act, phrase.strip()) for act, phrases in rows("acts.tsv") for phrase in phrases.split(";")
    )


@cache
def act_words() -> re.Pattern[str]:
    """The words of all acts in folded text, longest first."""
    phrases = sorted((phrase for _, phrase in _acts()), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b")


@lru_cache(maxsize=65536)
def acts(title: str) -> frozenset[str]:
    """What a title says is done: ``inform``, ``inspect``, ``contest`` ...; empty if it does not."""
    text = " ".join(fold(title).split())
    return frozenset(act for act, phrase in _acts() if re.search(rf"\b{phrase}\b", text))
