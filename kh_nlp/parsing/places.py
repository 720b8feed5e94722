"""The province that a plan itself tells."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache

from kh_nlp import places
from kh_nlp.language import fold, has_accents, letters
from kh_nlp.places import Province


@lru_cache(maxsize=4096)
def province(name: str | None) -> Province | None:
    """The province or centrally run city of that name, however its accents are placed."""
    return places.province(name)


def spelled_as(name: str, known: Province) -> bool:
    """Whether ``name`` can be meant for a province: equal but for tones, or without any accent.

    "Đăk Lăk" is Đắk Lắk and "Lam Dong" may be Lâm Đồng, but "Lam Đông" is a place of its own.
    """
    if not has_accents(name) or fold(_toneless(known.name)) not in fold(_toneless(name)):
        return True  # the second: another name of it, as Sài Gòn
    return _toneless(known.name) in _toneless(name)


def _toneless(name: str) -> str:
    marks = unicodedata.normalize("NFD", name.casefold())
    return " ".join("".join(c for c in marks if c not in _TONES).replace("-", " ").split())


_TONES = "\u0300\u0301\u0303\u0309\u0323"
_WORD = r"[\p{Lu}][\p{Ll}]+"
# The first letter before the look-behind: the engine then skips to the next t.
_NAMED = letters(
    r"[tT](?<!\w.)ỉnh\s+(?:(?:[ủu][ỷy]|đoàn)\s+)?"
    rf"({_WORD}(?:\s+-\s+{_WORD}|\s+{_WORD}){{0,4}})"
)
# A city is told by its own bodies; as a mere place it may be anywhere.
_OF_CITY = letters(
    r"(?:UBND|[ỦUủ][ỷy] ban nhân dân|HĐND|Hội đồng nhân dân|Công an|Sở(?:\s\w+){1,8}?)"
    rf"\s+(?:[Tt]hành phố|TP\.?)\s+({_WORD}(?:\s+{_WORD}){{0,3}})"
)


def told_province(text: str) -> str | None:
    """The province named most in a text ("tỉnh Lai Châu"), if it is named twice as often as others.

    Names of the gazetteer are cut to length ("tỉnh Lào Cai Ban hành" → Lào Cai); others, which
    samples and users may have, are taken as far as their capitals go.
    """
    counts: Counter[str] = Counter()
    for match in _NAMED.finditer(text):
        words = match.group(1).split()
        known = next(
            (p.name for n in range(len(words), 0, -1) if (p := province(" ".join(words[:n])))), None
        )
        if known:
            counts[known] += 2
        elif len(words) > 1:
            counts[" ".join(words[:2])] += 1
    for match in _OF_CITY.finditer(text):
        words = match.group(1).split()
        cities = (province(" ".join(words[:n])) for n in range(len(words), 0, -1))
        city = next((found for found in cities if found is not None), None)
        if city and city.kind == "thành phố":
            counts[city.name] += 2
    ranked = counts.most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] < 2 * ranked[1][1]):
        return None
    return ranked[0][0]
