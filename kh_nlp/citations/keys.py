"""Identity of documents: one readable key per document, the same from whichever plan cites it."""

from __future__ import annotations

import re
from functools import lru_cache

from kh_nlp.citations.grammar import align, grammar
from kh_nlp.citations.numbers import Number, find_numbers

_PLACE = re.compile(
    r"\b(?P<level>(?i:tỉnh|thành phố|tp\.?|huyện|quận|thị xã|thị trấn|xã|phường|đặc khu))"
    r"\s+(?P<name>[^\W_].*)$"
)
_SEAT = re.compile(r"(?P<level>Tỉnh|Thành|Thị|Huyện|Quận) ủy (?P<name>[A-ZĐÀ-Ỹ].*)$")
_SEATS = {"Tỉnh": "tinh", "Thành": "thanh-pho", "Thị": "thi-xa", "Huyện": "huyen", "Quận": "quan"}


@lru_cache(maxsize=16384)
def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens ("Xã Quyết Thắng" → ``xa-quyet-thang``)."""
    return re.sub(r"[^a-z0-9]+", "-", align(text)).strip("-")


@lru_cache(maxsize=16384)
def number_key(number: str) -> str:
    """A number in one spelling: no spaces, two digits at least, codes as the grammar spells them.

    ``6/QD-TTG`` and ``006/QĐ-TTg`` both give ``06/QĐ-TTg``.
    """
    compact = "".join(number.split()).replace("–", "-")
    match = re.match(r"0*(\d+)(.*)$", compact)
    if match is None:
        return " ".join(number.split())
    serial, rest = match[1].zfill(2), match[2]
    g = grammar()
    parts = re.split(r"([-/&.])", rest)
    typed = False
    for index, part in enumerate(parts):
        key = align(part)
        if not typed and (code := g.type_code(part)):
            parts[index], typed = code, True
        elif key in g.organ_codes:
            parts[index] = g.organ_codes[key]
    return serial + "".join(parts)


@lru_cache(maxsize=16384)
def _parts(number: str) -> Number | None:
    return next(find_numbers(number, align(number)), None)


def is_local(number: str) -> bool:
    """Whether the number's organ is nobody without a place (UBND, HĐND, Tỉnh ủy, a department).

    An organ that the grammar does not know counts as local: only a known national body makes a
    number unique by itself.
    """
    found = _parts(number)
    if found is None:
        return True
    if found.style in ("assembly", "standard"):
        return False
    g = grammar()
    organs = [g.organs.get(align(organ)) for organ in found.organs]
    known = [organ for organ in organs if organ is not None]
    if any(organ.local for organ in known):
        return True
    return not known and not any(organ.upper().endswith("TW") for organ in found.organs)


def place_of(issuer: str | None) -> str | None:
    """The place in an issuer's name as a slug ("UBND xã Quyết Thắng" → ``xa-quyet-thang``)."""
    if not issuer:
        return None
    if seat := _SEAT.search(issuer):
        name = re.sub(r"(?i)^(?:tỉnh|thành phố)\s+", "", seat["name"])
        return f"{_SEATS[seat['level']]}-{slug(name)}"
    for match in _PLACE.finditer(issuer):
        if match["name"][0].islower():
            continue
        level = "thanh-pho" if align(match["level"]).startswith("tp") else slug(match["level"])
        return f"{level}-{slug(match['name'])}"
    return None


def document_key(
    kind: str | None, number: str | None, issued_on: str | None, issuer: str | None
) -> str | None:
    """The key of a document: kind + number + date or year (+ place for local bodies).

    ``quyet-dinh:06/QĐ-TTg:2022-01-06``, ``nghi-dinh:30/2020/NĐ-CP:2020`` (a year inside the number
    makes the date needless, so that dated and undated mentions meet),
    ``ke-hoach:08/KH-UBND:2026-01-14:xa-quyet-thang``. ``issued_on`` is an ISO date or a bare year.
    ``None`` where these do not say which document is meant: no date, or a local body without place.
    """
    if not number:
        return None
    canonical = number_key(number)
    found = _parts(canonical)
    if found is not None and found.style == "standard":
        return f"{slug(found.symbol)}:{found.serial}"
    year = found.year if found else None
    when = str(year) if year else issued_on
    if not when:
        return None
    kind_slug = slug(_kind_for_key(kind, canonical))
    if not is_local(canonical):
        return f"{kind_slug}:{canonical}:{when}"
    place = place_of(issuer)
    if place is None:
        # A body with a name of its own but without an area ("Trường THPT …", "Ban Chỉ đạo … 1237").
        if not issuer or len(issuer.split()) < 4:
            return None
        place = slug(issuer)
    return f"{kind_slug}:{canonical}:{when}:{place}"


def _kind_for_key(kind: str | None, number: str) -> str:
    """The kind that the code tells ("Kế hoạch hành động số 238-KH/TU" is a KH), else the printed.

    One number can be cited under two words for its kind; its code is always the same.
    """
    found = _parts(number)
    g = grammar()
    if found is not None and found.type_code:
        tables = (g.party_kinds, g.state_kinds)
        first, second = tables if found.style == "party" else tables[::-1]
        name = first.get(found.type_code) or second.get(found.type_code)
        if name:
            return name
    if found is not None and found.style == "letter":
        return "Công văn"
    if kind in ("Bộ luật", "Luật"):
        return "Luật"
    return kind or "Văn bản"
