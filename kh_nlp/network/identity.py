"""What a document's key tells of its level, and keys that mean the same document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from kh_nlp.citations import same_document
from kh_nlp.language import fold
from kh_nlp.model import Level

RANK: Mapping[Level | None, int] = {
    "commune": 0,
    "district": 1,
    "province_agency": 2,
    "province": 3,
    "central": 4,
}
"""Height of a level; a level that is not in it is unknown."""

_LOWER: tuple[tuple[str, Level], ...] = (
    ("xa-", "commune"),
    ("phuong-", "commune"),
    ("thi-tran-", "commune"),
    ("dac-khu-", "commune"),
    ("huyen-", "district"),
    ("quan-", "district"),
    ("thi-xa-", "district"),
)
# Bodies that speak for the province itself; every other body of a province is an agency of it.
_PROVINCE_BODIES = re.compile(
    r"(?:(?:chu tich|thuong truc) )?(?:uy ban nhan dan|ubnd|hoi dong nhan dan|hdnd|tinh uy|"
    r"thanh uy|ban thuong vu|ban chap hanh|doan dai bieu)\b"
)


@cache
def _provinces() -> dict[str, str]:
    """``tinh-lao-cai`` → ``Lào Cai``, past and present."""
    from kh_nlp.places import load_gazetteer

    return {
        "-".join(fold(f"{place.kind} {place.name}").replace("-", " ").split()): place.name
        for place in load_gazetteer().provinces()
    }


def standing(key: str, issuer: str | None) -> tuple[Level | None, str | None]:
    """Level and province that a key and the issuer's name tell; ``None`` where they do not.

    A numbered key without place is one of a national body; a programme known only by its name is
    national when the name says so.
    """
    parts = key.split(":")
    if len(parts) == 3 or parts[0] in ("tcvn", "qcvn"):
        return "central", None
    if len(parts) < 4:
        named = parts[0] != "plan" and "quoc-gia" in parts[-1]
        return ("central" if named else None), None
    place = parts[3]
    if place in _provinces():
        own = issuer is None or _PROVINCE_BODIES.match(" ".join(fold(issuer).split()))
        return "province" if own else "province_agency", _provinces()[place]
    for prefix, level in _LOWER:
        if place.startswith(prefix):
            return level, None
    # A city that is no province was one within a province.
    return ("district", None) if place.startswith("thanh-pho-") else (None, None)


def same_documents(own: Iterable[str], cited: Iterable[str]) -> dict[str, str]:
    """Cited keys with less of a date or place than a plan's own key, each with that plan's key.

    "Kế hoạch số 22/KH-UBND năm 2026 của UBND tỉnh Lào Cai" is the plan of 16/01/2026 when the
    library has only one of that number, place and year; with two it stays a document of its own.
    A commune's plan also fits where only one of both tells the province.
    """
    whole = set(own)
    placed: dict[str, set[str]] = {}
    for key in whole:
        placed.setdefault(_without_province(key), set()).add(key)
    short: dict[str, set[str]] = {}
    for key in whole:
        for less in _less(key):
            short.setdefault(less, set()).add(key)
    found = {}
    for key in cited:
        if key in whole:
            continue
        alike = placed.get(_without_province(key), ())
        fits = short.get(key) or [own for own in alike if same_document(own, key)]
        if len(fits) == 1:
            (found[key],) = fits
    return found


def _without_province(key: str) -> str:
    head, _, place = key.rpartition(":")
    return f"{head}:{re.split(r'-(?:tinh|thanh-pho|tp)-', place)[0]}"


def _less(key: str) -> Iterable[str]:
    kind, number, when, *place = key.split(":") if key.count(":") >= 2 else (key, "", "")
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", when):
        for length in (4, 7):
            yield ":".join((kind, number, when[:length], *place))
