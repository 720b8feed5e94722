"""The province that a plan itself tells."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from kh_nlp import places
from kh_nlp.language import letters
from kh_nlp.places import Province


@lru_cache(maxsize=4096)
def province(name: str | None) -> Province | None:
    """The province or centrally run city of that name, however its accents are placed."""
    return places.province(name)


_WORD = r"[\p{Lu}][\p{Ll}]+"
# The first letter before the look-behind: the engine then skips to the next t.
_NAMED = letters(rf"[tT](?<!\w.)ỉnh\s+({_WORD}(?:\s+-\s+{_WORD}|\s+{_WORD}){{0,4}})")


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
    ranked = counts.most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] < 2 * ranked[1][1]):
        return None
    return ranked[0][0]
