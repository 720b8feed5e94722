"""Identity of documents: one readable key per document, the same from whichever plan cites it."""

from __future__ import annotations

import re
from functools import lru_cache

from kh_nlp.citations.grammar import align, grammar
from kh_nlp.citations.numbers import Number, find_numbers
from kh_nlp.language import letters

_PLACE = re.compile(
    r"\b(?P<level>(?i:tỉnh|thành phố|tp\.?|huyện|quận|thị xã|thị trấn|xã|phường|đặc khu))"
    r"\s+(?P<name>[^\W_].*)$"
)
_SEAT = letters(r"(?P<level>Tỉnh|Thành|Thị|Huyện|Quận) ủy (?P<name>[\p{Lu}0-9].*)$")
_SEATS = {"Tỉnh": "tinh", "Thành": "thanh-pho", "Thị": "thi-xa", "Huyện": "huyen", "Quận": "quan"}


# "255/2025-NĐ-CP" for 255/2025/NĐ-CP.
_YEAR_DASH = re.compile(r"^(\d+/(?:19|20)\d\d)-")
# The term of the National Assembly with a 1 read as I or l ("QHI5", "QHI15", "QHl5").
_MISREAD_TERM = re.compile(r"(?<=/)([QO]H|UBTVQH|PL-UBTVQH|NQ-UBTVQH)(1\d|[Il]1?\d)$")


@lru_cache(maxsize=16384)
def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens ("Xã Quyết Thắng" → ``xa-quyet-thang``)."""
    return re.sub(r"[^a-z0-9]+", "-", align(text)).strip("-")


@lru_cache(maxsize=16384)
def number_key(number: str) -> str:
    """A number in one spelling: no spaces, two digits at least, codes as the grammar spells them.

    ``6/QD-TTG`` and ``006/QĐ-TTg`` both give ``06/QĐ-TTg``; ``29/2023/QHI5``, a 1 misread as I,
    gives ``29/2023/QH15``.
    """
    compact = "".join(number.split()).replace("–", "-")
    compact = _YEAR_DASH.sub(r"\1/", compact)
    compact = _MISREAD_TERM.sub(lambda t: f"{t[1].replace('OH', 'QH')}1{t[2][-1]}", compact)
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


def spelled(number: str) -> str:
    """A number with its codes as the grammar spells them, its digits as printed.

    For texts whose letters were lost (QD-BYT, ND-CP): elsewhere a number is kept as printed.
    """
    printed, known = re.match(r"\d+", number), re.match(r"\d+", number_key(number))
    if printed is None or known is None:
        return number
    return printed.group() + number_key(number)[known.end() :]


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


_BELOW_PROVINCE = ("xa-", "phuong-", "thi-tran-", "huyen-", "quan-", "thi-xa-", "dac-khu-")
_WITH_PROVINCE = re.compile(r"-(?:tinh|thanh-pho|tp)-")
_CITIES = frozenset({"ha-noi", "ho-chi-minh", "hai-phong", "da-nang", "can-tho", "hue"})


def document_key(
    kind: str | None,
    number: str | None,
    issued_on: str | None,
    issuer: str | None,
    province: str | None = None,
) -> str | None:
    """The key of a document: kind + number + date or year (+ place for local bodies).

    ``quyet-dinh:06/QĐ-TTg:2022-01-06``; ``ke-hoach:08/KH-UBND:2026-01-14:xa-quyet-thang``, with
    ``-tinh-thai-nguyen`` added where ``province`` (its bare name) is told, because communes of one
    name lie in many provinces. ``issued_on`` is an ISO date or a bare year.

    A number with its year inside (``nghi-dinh:30/2020/NĐ-CP:2020``) has only that year in the key
    even where the full date is printed: such a series starts anew each January, so the year says
    all, and dated, undated and wrongly dated mentions of one document meet in one key.

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
    place = _in_province(place, province)
    return f"{kind_slug}:{canonical}:{when}:{place}"


def _in_province(place: str, province: str | None) -> str:
    """The place of a body below the province, with its province where that is told."""
    if not province or not place.startswith(_BELOW_PROVINCE) or _WITH_PROVINCE.search(place):
        return place
    name = slug(province)
    return f"{place}-{'thanh-pho' if name in _CITIES else 'tinh'}-{name}"


def same_document(one: str, other: str) -> bool:
    """Whether two keys may name one document: equal, or one tells the province and the other not.

    For look-ups of a key whose province nobody printed; two provinces never meet.
    """
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    if not longer.startswith(shorter):
        return False
    rest, place = longer[len(shorter) :], shorter.rpartition(":")[2]
    below = place.startswith(_BELOW_PROVINCE) and not _WITH_PROVINCE.search(place)
    return not rest or (below and _WITH_PROVINCE.match(rest) is not None)


def document_kind(kind: str | None, number: str) -> str | None:
    """What a document with this number is called before it; ``kind`` is what a plan calls it.

    The printed word where it agrees with the code of the number ("Chương trình hành động" and CTr,
    "Quy định" and QĐ), else the kind that the code tells: a plan that says "Đề án 06" means Quyết
    định 06/QĐ-TTg. ``None`` where neither tells.
    """
    told = _kind_for_key(None, number_key(number))
    if told == "Văn bản":
        return kind
    if kind is None:
        return told
    initials = "".join(word[0] for word in slug(kind).split("-") if word)
    found = _parts(number_key(number))
    code = align(found.type_code) if found is not None and found.type_code else None
    return kind if slug(kind).startswith(slug(told)) or initials == code else told


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
