"""Provinces, districts and communes before and after 01/07/2025, with what became of each."""

from __future__ import annotations

import gzip
import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import takewhile
from pathlib import Path

from kh_nlp.language import search_key
from kh_nlp.places.names import place_key, split_kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """A province (``tỉnh``) or centrally run city (``thành phố``).

    ``valid_from``/``valid_to`` are first and last day, ISO 8601, ``None`` where the sources give
    none or it still stands; ``successor`` is the province that took it in.
    """

    name: str
    kind: str
    valid_from: str | None = None
    valid_to: str | None = None
    successor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """A huyện, quận, thị xã or city within a province; all of them ended on 30/06/2025."""

    name: str
    kind: str
    province: str
    valid_from: str | None = None
    valid_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    """A xã, phường, thị trấn or đặc khu.

    ``province`` and ``district`` ("huyện Tây Hòa") are those of its own time. ``successors`` names
    the communes of today's province that took it in, more than one where it was divided.
    """

    name: str
    kind: str
    province: str
    district: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    successors: tuple[str, ...] = ()

    @property
    def successor(self) -> str | None:
        """The one commune that took it in; ``None`` when it still stands or was divided."""
        return self.successors[0] if len(self.successors) == 1 else None


Place = Province | District | Commune
DISTRICT_KINDS = frozenset({"huyện", "quận", "thị xã", "thành phố"})
COMMUNE_KINDS = frozenset({"xã", "phường", "thị trấn", "đặc khu"})

# Names by which plans call a province. Not for communes: phường Sài Gòn is one of 2025.
_CALLED = {
    "hcm": "ho chi minh",
    "hcmc": "ho chi minh",
    "sai gon": "ho chi minh",
    "hn": "ha noi",
    "dac lac": "dak lak",
    "daklak": "dak lak",
    "dac nong": "dak nong",
    "daknong": "dak nong",
}
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_NO_LETTERS = re.compile(r"[\W_]+")


class Gazetteer:
    """Places by name. ``extra`` places come first and stand beside those of the same name."""

    def __init__(self, extra: Iterable[Place] = ()) -> None:
        self._provinces: dict[str, Province] = dict(_provinces())
        self._extra: dict[str, list[District | Commune]] = {}
        for place in extra:
            if isinstance(place, Province):
                self._provinces[place_key(place.name)] = place
            else:
                self._extra.setdefault(place_key(place.name), []).append(place)

    def provinces(self, on: date | None = None) -> list[Province]:
        """All provinces known, or those that stood on a day, by name."""
        return [p for p in self._provinces.values() if on is None or stands(p, on)]

    def province(self, name: str | None) -> Province | None:
        """The province of that name, past or present: "TP.HCM", "tỉnh Đăk Lăk", "Hoà Bình".

        "thành phố Bắc Ninh" is none: it was a city within the province.
        """
        kind, key = split_kind(_BRACKETS.sub("", name or ""))
        found = self._provinces.get(_CALLED.get(key, key))
        if found is None or (kind and kind not in ("tỉnh", "thành phố")):
            return None
        return None if kind == "thành phố" and found.kind == "tỉnh" else found

    def districts(self, name: str | None, *, on: date | None = None) -> list[District]:
        """Districts of that name; "…, tỉnh X" after it keeps those of that province."""
        return [p for p in self._find(name) if isinstance(p, District) and _on(p, on)]

    def communes(self, name: str | None, *, on: date | None = None) -> list[Commune]:
        """Communes of that name, those of extra files first, else by province.

        A kind before the name ("phường 05") and a district or province after it ("xã Hòa Thịnh,
        huyện Tây Hòa, tỉnh Phú Yên"; the province of then or of today) keep only what agrees.
        Communes that agree in accents are preferred to those that agree without.
        """
        return [p for p in self._find(name) if isinstance(p, Commune) and _on(p, on)]

    def added(self, name: str) -> list[District | Commune]:
        """Districts and communes of exactly that name among the user's own places."""
        return [p for p in self._extra.get(place_key(name), ()) if p.name == name]

    def predecessors(self, name: str, province: str | None = None) -> list[Commune]:
        """The communes that "xã Ea Rốk" was made of in 2025; ``province``: of then or of today."""
        found = [c for places in self._extra.values() for c in places if isinstance(c, Commune)]
        found = [c for c in found if name in c.successors]
        # the successors stand in the last column: one pass over the rows, records for the hits only
        for line in _lines():
            if line.endswith(name) or f"{name};" in line:
                place = _unit(line)
                if isinstance(place, Commune) and name in place.successors:
                    found.append(place)
        home = self.today(province) if province else None
        return [c for c in found if home is None or self.today(c) == home]

    def today(self, place: str | Place | None) -> Province | None:
        """Today's province of a place; ``None`` when it is unknown or its name is of several."""
        if isinstance(place, Province):
            seen = {place.name}  # a file of a user may hold a circle
            while place.successor and place.successor not in seen:
                heir = self._provinces.get(place_key(place.successor))
                if heir is None:
                    break
                place = heir
                seen.add(place.name)
            return place
        if isinstance(place, District | Commune):
            return self.today(self._provinces.get(place_key(place.province)))
        for part in reversed(_parts(place)):
            if found := self.province(part):
                return self.today(found)
        homes = {home.name: home for p in self._find(place) if (home := self.today(p))}
        return next(iter(homes.values())) if len(homes) == 1 else None

    def _find(self, name: str | None) -> list[District | Commune]:
        parts = _parts(name)
        if not parts:
            return []
        kind, key = split_kind(parts[0])
        found = [*self._extra.get(key, ()), *_units(key)]
        if kind:
            found = [p for p in found if p.kind == kind]
        for part in parts[1:]:
            found = self._within(found, part)
        printed = _accented(parts[0])
        exact = [p for p in found if printed.endswith(_accented(p.name))]
        return exact or found

    def _within(self, places: list[District | Commune], area: str) -> list[District | Commune]:
        home = self.province(area)
        if home is None:
            kind, key = split_kind(area)
            homes = [(p, split_kind(p.district or "")) for p in places if isinstance(p, Commune)]
            return [p for p, (k, name) in homes if name == key and kind in (None, k)]
        own = [p for p in places if place_key(p.province) == place_key(home.name)]
        return own or [p for p in places if self.today(p) == home]


def stands(place: Place, on: date) -> bool:
    """Whether a place existed on a day, as far as its dates are known."""
    day = on.isoformat()
    return (place.valid_from or day) <= day <= (place.valid_to or day)


def _on(place: Place, on: date | None) -> bool:
    return on is None or stands(place, on)


def _parts(text: str | None) -> list[str]:
    clean = _BRACKETS.sub("", text or "")
    return [part for piece in clean.split(",") if (part := piece.strip())]


def _accented(name: str) -> str:
    return _NO_LETTERS.sub("", search_key(name))


@cache
def _provinces() -> dict[str, Province]:
    text = files("kh_nlp.places").joinpath("data/provinces.tsv").read_text("utf-8")
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, kind, since, until, successor, _source = line.split("\t")
            found[place_key(name)] = Province(
                name=name,
                kind=kind,
                valid_from=since or None,
                valid_to=until or None,
                successor=successor or None,
            )
    return found


@cache
def _lines() -> list[str]:
    """Rows of the data file, sorted by key: 14,051 lines in 1.1 MB, unpacked in a few ms."""
    packed = files("kh_nlp.places").joinpath("data/communes.tsv.gz").read_bytes()
    return gzip.decompress(packed).decode("utf-8").split("\n")


def _units(key: str) -> list[District | Commune]:
    """Districts and communes of a key. Records are made for the rows asked for, not for all."""
    lines, start = _lines(), f"{key}\t"
    at = bisect_left(lines, start)
    rows = takewhile(lambda line: line.startswith(start), (lines[i] for i in range(at, len(lines))))
    return [_unit(row) for row in rows] if key else []


def _unit(row: str) -> District | Commune:
    _, name, kind, district, province, since, until, heirs = row.split("\t")
    if kind in DISTRICT_KINDS:
        return District(name=name, kind=kind, province=province, valid_to=until or None)
    return Commune(
        name=name,
        kind=kind,
        province=province,
        district=district or None,
        valid_from=since or None,
        valid_to=until or None,
        successors=tuple(heirs.split("; ")) if heirs else (),
    )


@cache
def load_gazetteer(extra: Path | None = None) -> Gazetteer:
    """The gazetteer, with the places of a tab-separated file ``extra`` added.

    See :func:`kh_nlp.places.extending.read_places` for its columns; a file that is not readable as
    such raises ``InputError``. Loaded once for each path.
    """
    if extra is None:
        return Gazetteer()
    from kh_nlp.places.extending import read_places

    return Gazetteer(read_places(extra))
