"""Whose plan it is: its place, its bodies' kind and its time, which everything else must fit."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kh_nlp import places
from kh_nlp.language import fold, letters
from kh_nlp.model import Level, Plan
from kh_nlp.places.gazetteer import COMMUNE_KINDS, DISTRICT_KINDS, Commune, District
from kh_nlp.places.names import place_key, split_kind

Rules = Literal["state", "party", "front", "other"]

_UNIT = letters(
    r"(?i:\b(tỉnh|thành phố|tp\.?|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu))\s+"
    r"([\p{Lu}\d][\w'’.-]*(?:\s+(?:-\s+)?[\p{Lu}\d][\w'’.-]*){0,4})\s*$"
)
_SEAT = letters(r"(Tỉnh|Thành|Thị|Huyện|Quận|Đảng) ủy\s+(?:(?:xã|phường)\s+)?([\p{Lu}].*)$")
_SEATS = {"Tỉnh": "tỉnh", "Thành": "thành phố", "Thị": "thị xã", "Huyện": "huyện", "Quận": "quận"}
# districts ended with this day; everything that was of them must not be named after it
DISTRICTS_UNTIL = date(2025, 6, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a plan is by its own word.

    ``unit`` is kind and name of the place it is issued in ("xã", "Đắk Ruông"); ``province`` and
    ``district`` are bare names. ``day`` is the day of issue, the first of what is known of it
    (month, year) where it is left blank; ``dated`` tells whether the day itself is known.
    """

    level: Level | None
    unit: tuple[str, str] | None
    province: str | None
    district: str | None
    day: date | None
    dated: bool
    year: int | None
    years: tuple[int, int] | None
    rules: Rules

    @property
    def own(self) -> frozenset[str]:
        """Keys of the names that are the plan's own."""
        names = (self.unit[1] if self.unit else None, self.province, self.district)
        return frozenset(place_key(name) for name in names if name)


def units(name: str) -> list[District | Commune]:
    """Districts and communes of that name, past and present."""
    return [*places.districts(name), *places.communes(name)]


def identify(plan: Plan) -> Identity:
    """The identity of a plan, by its head where that tells, else by what its text repeats."""
    head = plan.header
    unit = _unit(head.issuer)
    province = _province(plan, unit)
    day, dated = _day(plan)
    level = head.level
    district = _district(plan, unit, province) if level == "commune" else None
    if unit and unit[0] in DISTRICT_KINDS and level == "district":
        district = unit[1]
    year = head.year or (day.year if day else None)
    return Identity(
        level=level,
        unit=unit,
        province=province,
        district=district,
        day=day,
        dated=dated,
        year=year,
        years=_years(plan, year),
        rules=_rules(plan),
    )


def _unit(issuer: str | None) -> tuple[str, str] | None:
    if found := _UNIT.search(issuer or ""):
        kind = found[1].lower()
        return ("thành phố" if kind.startswith("tp") else kind), found[2]
    if seat := _SEAT.search(issuer or ""):
        return _SEATS.get(seat[1], "xã"), seat[2]
    return None


def _province(plan: Plan, unit: tuple[str, str] | None) -> str | None:
    if unit and unit[0] in ("tỉnh", "thành phố"):
        known = places.province(" ".join(unit))
        if known or unit[0] == "tỉnh":
            return known.name if known else unit[1]
    homes = (
        {
            home.name
            for place in units(" ".join(unit))
            if (home := places.province(place.province)) is not None
        }
        if unit
        else set()
    )
    told = plan.header.province
    known = places.province(told)
    if told and (not homes or (known and known.name in homes)):
        return known.name if known else told
    if len(homes) == 1:
        return next(iter(homes))
    counts = Counter(name for name in _told_provinces(plan.text) if not homes or name in homes)
    if counts:
        return counts.most_common(1)[0][0]
    return told


_TOLD = letters(
    r"\b[Tt](?:ỉnh|hành phố|P\.) ((?:[\p{Lu}][\p{Ll}]+)(?:(?: - | )[\p{Lu}][\p{Ll}]+){0,3})"
)


def _told_provinces(text: str) -> list[str]:
    found = []
    for match in _TOLD.finditer(text):
        words = match[1].split()
        for size in range(len(words), 0, -1):
            if known := places.province(" ".join(words[:size])):
                found.append(known.name)
                break
    return found


_OF_DISTRICT = letters(
    r"\b(?:[Hh]uyện|[Qq]uận|[Tt]hị xã|[Tt]hành phố"
    r"|Huyện ủy) ((?:[\p{Lu}][\w'’]+)(?: [\p{Lu}][\w'’]+){0,3})"
)


def _district(plan: Plan, unit: tuple[str, str] | None, province: str | None) -> str | None:
    """The district above a commune: the gazetteer's where it is one, else the one named most."""
    if unit:
        known = {
            place.district
            for place in places.communes(" ".join(unit))
            if place.district and (province is None or _same(place.province, province))
        }
        if len(known) == 1:
            return re.sub(r"^(?:huyện|quận|thị xã|thành phố) ", "", known.pop())
    day, _ = _day(plan)
    if day is None or day > DISTRICTS_UNTIL:
        return None  # what a text of today names is no district above it
    named = Counter(match[1] for match in _OF_DISTRICT.finditer(plan.text))
    named = Counter({n: c for n, c in named.items() if not places.province(n)})
    return named.most_common(1)[0][0] if named else None


def _same(one: str, other: str) -> bool:
    return place_key(one) == place_key(other)


def _day(plan: Plan) -> tuple[date | None, bool]:
    head = plan.header
    if head.issued_on:
        return date.fromisoformat(head.issued_on), True
    if head.issued_month:
        return date.fromisoformat(f"{head.issued_month}-01"), False
    if head.year:
        # a plan for a year may be issued in the last weeks of the year before
        return date(head.year, 1, 1), False
    return None, False


def _years(plan: Plan, year: int | None) -> tuple[int, int] | None:
    period = plan.header.period
    if period is not None:
        return int(period.start[:4]), int(period.end[:4])
    return (year, year) if year else None


_PARTY = re.compile(
    r"\b(?:(?:tinh|thanh|huyen|quan|thi|dang) uy|chi bo|dang bo|ban chap hanh dang)\b"
)
_FRONT = re.compile(
    r"\b(?:mat tran to quoc|mttq|lien doan lao dong|hoi (?:nong dan|lien hiep phu nu"
    r"|cuu chien binh)"
    r"|doan (?:thanh nien|tncs)|tinh doan|thanh doan|huyen doan|xa doan|uy ban bau cu)\b"
)
_PARTY_NUMBER = re.compile(r"^\d+-[A-ZĐ]+/")


def _rules(plan: Plan) -> Rules:
    """Which rules of form govern the document."""
    issuer, head = fold(plan.header.issuer or ""), plan.text[:600]
    if _FRONT.search(issuer):
        return "front"
    if _PARTY.search(issuer) or "ĐẢNG CỘNG SẢN VIỆT NAM" in head:
        return "party"
    if _PARTY_NUMBER.match(plan.header.number or ""):
        return "party"
    return "state" if _STATE.search(issuer) else "other"


_STATE = re.compile(
    r"\b(?:ubnd|uy ban nhan dan|hoi dong nhan dan|so|bo|chinh phu|thu tuong|phong|cuc|chi cuc"
    r"|van phong|thanh tra|trung tam|truong|cong an|ban quan ly|ban chi dao)\b"
)


def of_own(identity: Identity, kind: str, name: str) -> bool | None:
    """Whether a place is the plan's own or lies in its reach; ``None`` where nobody can tell.

    To a province its districts and communes are its own, to a district its communes; to a commune
    only itself, what it was made of, and those above it.
    """
    if place_key(name) in identity.own:
        return True
    if kind in ("tỉnh", "thành phố") and (found := places.province(f"{kind} {name}")):
        return _same_province(identity.province, found.name)
    if kind == "tỉnh":
        return False if identity.province else None
    if kind in DISTRICT_KINDS:
        return _own_district(identity, kind, name)
    if kind in COMMUNE_KINDS:
        return _own_commune(identity, kind, name)
    return None


def _same_province(own: str | None, other: str) -> bool | None:
    if own is None:
        return None
    mine, theirs = places.today(own), places.today(other)
    if mine is None or theirs is None:
        return _same(own, other)
    return mine.name == theirs.name


def _own_district(identity: Identity, kind: str, name: str) -> bool | None:
    known = places.districts(f"{kind} {name}")
    near = [d for d in known if _same_province(identity.province, d.province)]
    if identity.level in ("commune", "district"):
        if identity.level == "commune" and near and identity.unit:
            # what today's communes were made of came from a district of the same name or another
            after = identity.day is not None and identity.day > DISTRICTS_UNTIL
            return after and _made_from(identity, name)
        return False if identity.unit and (known or identity.district) else None
    if not known or identity.province is None:
        return None
    return bool(near)


def _made_from(identity: Identity, district: str) -> bool:
    own = " ".join(identity.unit or ())
    return any(
        place_key(split_kind(c.district or "")[1]) == place_key(district)
        for c in places.predecessors(own, identity.province)
    )


def _own_commune(identity: Identity, kind: str, name: str) -> bool | None:
    known: list[Commune] = places.communes(f"{kind} {name}")
    if identity.level == "commune" and identity.unit:
        own = " ".join(identity.unit)
        return any(own in c.successors for c in known)
    near = [c for c in known if _same_province(identity.province, c.province)]
    if identity.level == "district":
        if not known or identity.district is None:
            return None
        mine = place_key(identity.district)
        return any(split_kind(c.district or "")[1] == mine for c in near)
    if not known or identity.province is None:
        return None
    return bool(near)
