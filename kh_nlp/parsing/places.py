"""Provinces and centrally run cities, and the places that a plan itself tells."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kh_nlp.language import fold, letters


@dataclass(frozen=True, slots=True)
class Province:
    """A province (``tỉnh``) or centrally run city; ``successor`` since the merger of 01/07/2025."""

    name: str
    kind: str
    valid_to: str | None
    successor: str | None


@cache
def provinces() -> dict[str, Province]:
    """All provinces before and after 01/07/2025 by their folded name."""
    text = files("kh_nlp.parsing").joinpath("data/provinces.tsv").read_text("utf-8")
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, kind, valid_to, successor = line.split("\t")
            found[key(name)] = Province(name, kind, valid_to or None, successor or None)
    return found


def key(name: str) -> str:
    """Folded name, hyphens and spacing aside: "Đăk Lăk", "Đắk Lắk" → ``dak lak``."""
    return re.sub(r"[^a-z]+", " ", fold(name)).strip()


@cache
def province(name: str | None) -> Province | None:
    """The province of that name, however its accents are placed."""
    if not name:
        return None
    short = re.sub(r"^(?:tinh|thanh pho|tp)\s+", "", key(name))
    return provinces().get(short)


_WORD = r"[\p{Lu}][\p{Ll}]+"
_NAMED = letters(rf"\b(?:tỉnh|Tỉnh)\s+({_WORD}(?:\s+-\s+{_WORD}|\s+{_WORD}){{0,4}})")


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
