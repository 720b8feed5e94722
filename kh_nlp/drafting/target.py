"""Who the draft is for: level, place, province and bodies, read from the name of the issuer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kh_nlp.drafting.bodies import Column, column
from kh_nlp.drafting.records import Request
from kh_nlp.errors import UsageError
from kh_nlp.language import fold, letters
from kh_nlp.model import Header, Level
from kh_nlp.places import communes, province

_PLACED = letters(
    r"\b(tỉnh|thành phố|TP\.?|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu)\s+"
    r"([\p{Lu}][^,;()]*?)(?=\s*(?:[,;()]|$))"
)
_KINDS = {"tp": "thành phố", "tp.": "thành phố"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """The place an issuer stands for: kind and name of its own area, its province, its level."""

    kind: str | None
    name: str | None
    province_kind: str | None
    province: str | None
    level: Level | None
    column: Column | None

    @property
    def area(self) -> str | None:
        """``phường Bến Hạc``; ``None`` where the name is unknown."""
        return f"{self.kind} {self.name}" if self.kind and self.name else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What slots are filled with."""

    issuer: str
    title: str
    year: int
    seat: Seat


def target_of(request: Request) -> Target:
    """Level and place of the issuer; UsageError when the level can be told from nothing."""
    level = request.level or level_of(request.issuer)
    if level is None:
        raise UsageError(
            f"Không rõ cấp của cơ quan “{request.issuer}”; hãy nêu cấp: xã, huyện, tỉnh hay sở.",
            fields=("level",),
        )
    seat = _seat(request.issuer, level, request.province, str(request.year))
    return Target(issuer=request.issuer, title=request.title, year=request.year, seat=seat)


def seat_of(header: Header) -> Seat:
    """The seat of a source plan's issuer."""
    day = header.issued_on or header.issued_month or (str(header.year) if header.year else "")
    return _seat(header.issuer or "", header.level, header.province, day)


def level_of(issuer: str) -> Level | None:
    """The level that the name of an issuer tells."""
    words = fold(issuer)
    if re.match(r"(?:so|van phong|ban quan ly|chi cuc|truong|trung tam)\b", words):
        return "province_agency"
    placed = _area(issuer)
    if placed is None:
        return "central" if re.match(r"(?:bo|chinh phu|thu tuong)\b", words) else None
    kind, name = placed
    if kind in ("xã", "phường", "thị trấn", "đặc khu"):
        return "commune"
    if kind == "tỉnh":
        return "province"
    if kind == "thành phố":
        return "province" if province(f"thành phố {name}") else "district"
    return "district"


def _area(issuer: str) -> tuple[str, str] | None:
    match = _PLACED.search(issuer)
    if match is None:
        return None
    kind = match[1].lower()
    return _KINDS.get(kind, kind), match[2].strip()


def _seat(issuer: str, level: Level | None, province_name: str | None, day: str) -> Seat:
    placed = _area(issuer)
    kind, name = placed if placed else (None, None)
    found = province(province_name)
    if level in ("province", "province_agency") and kind in ("tỉnh", "thành phố"):
        return Seat(
            kind=kind,
            name=name,
            province_kind=kind,
            province=name,
            level=level,
            column=column(level, issuer, day),
        )
    if province_name is None and level == "commune" and name:
        homes = {c.province for c in communes(f"{kind} {name}") if c.valid_to is None}
        if len(homes) == 1:
            province_name = homes.pop()
            found = province(province_name)
    short = re.sub(r"^(?:tỉnh|thành phố|TP\.?)\s+", "", province_name or "", flags=re.IGNORECASE)
    return Seat(
        kind=kind,
        name=name,
        province_kind=found.kind if found else ("tỉnh" if province_name else None),
        province=short or None,
        level=level,
        column=column(level, issuer, day),
    )
