"""When two printed texts say the same: accents, case, punctuation and small slips do not count."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from kh_nlp.language import fold

_NO_WORD = re.compile(r"[^a-z0-9]+")
# The gold readings write these bodies short, the documents mostly in full.
_SHORT = (("uy ban nhan dan", "ubnd"), ("hoi dong nhan dan", "hdnd"))
# "Trung ương Đảng", "Đảng Cộng sản Việt Nam", "khóa XIII" may be dropped from a party body's name.
_OPTIONAL_END = re.compile(r" (?:trung uong(?: dang\b.*)?|dang(?: cong san\b.*)?|khoa \w.*)$")
_PLACE_WORDS = 2
_BODY_LIKENESS = 0.85


@lru_cache(maxsize=16384)
def words_key(text: str | None) -> str:
    """Words of ``text``, folded, with single blanks between them; "" for nothing."""
    key = _NO_WORD.sub(" ", fold(text or "")).strip()
    for full, short in _SHORT:
        key = key.replace(full, short)
    return key


@lru_cache(maxsize=65536)
def _ratio(first: str, second: str, at_least: float) -> float:
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    # Both are upper bounds of ratio() and far cheaper: most pairs of rows end here.
    if matcher.real_quick_ratio() < at_least or matcher.quick_ratio() < at_least:
        return 0.0
    return matcher.ratio()


def likeness(first: str | None, second: str | None, at_least: float = 0.0) -> float:
    """Share of common characters of two texts (Ratcliff/Obershelp, ``difflib``), in 0..1.

    Two empty texts are alike (1). A value below ``at_least`` may be given as 0.
    """
    one, two = words_key(first), words_key(second)
    return 1.0 if one == two else _ratio(one, two, at_least)


def alike(first: str | None, second: str | None, at_least: float) -> bool:
    """Whether two texts are the same but for slips."""
    return likeness(first, second, at_least) >= at_least


def same_words(first: str | None, second: str | None) -> bool:
    """Whether two texts have the very same words (names of places and people)."""
    return words_key(first) == words_key(second)


def same_body(first: str | None, second: str | None) -> bool:
    """Whether two names are of one body: alike, and the words of the place at the end the same.

    "Sở Nội vụ tỉnh Lào Cai" and "Sở Nội vụ tỉnh Lai Châu" are alike as strings but are two bodies.
    """
    if not first or not second:
        return not first and not second
    one, two = (_OPTIONAL_END.sub("", words_key(name)) for name in (first, second))
    same_place = one.split()[-_PLACE_WORDS:] == two.split()[-_PLACE_WORDS:]
    return same_place and alike(one, two, _BODY_LIKENESS)


def same_number(first: str | None, second: str | None) -> bool:
    """Whether two document numbers are one (inner blanks and case do not count)."""
    return number_key(first) == number_key(second)


def number_key(number: str | None) -> str:
    """A document number without blanks, in capitals."""
    return "".join((number or "").split()).upper()


def listed(names: Sequence[str]) -> str:
    """Several bodies as one cell prints them."""
    return "; ".join(names)
