"""The shape of a Vietnamese syllable."""

from __future__ import annotations

import re
from functools import lru_cache

from kh_nlp.language import fold

_SYLLABLE = re.compile(
    r"(?:ngh?|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ch|nh|ng|[cmnpt])?"
)


@lru_cache(maxsize=1 << 14)
def is_syllable(word: str) -> bool:
    """Whether a word is shaped like one; what is not is a word alone (Zalo, VNeID, 2026)."""
    return _SYLLABLE.fullmatch(fold(word)) is not None
