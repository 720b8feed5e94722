"""The body that has a duty at the issuer's own level, among those that stand today.

Knowledge lies in ``data/counterparts.tsv``. A body that it does not hold and that ended is followed
to its successor (``kh_nlp.places``); one without a counterpart at the wanted level gives ``None``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

from kh_nlp.drafting.headings import subject
from kh_nlp.language import fold, letters
from kh_nlp.model import Header, Level
from kh_nlp.places import successor

Column = str
"""Whose bodies are meant: people's committees of a level and time (``_COLUMNS``), or another kind
of issuer at a level (``front-commune``), which has bodies of its own that none else has."""

_COLUMNS: tuple[Column, ...] = (
    "province", "district", "commune_old", "phuong_old", "xa", "phuong",
)  # fmt: skip
_OTHER_COLUMNS: tuple[Column, ...] = (
    "party-province", "party-district", "party-commune",
    "front-province", "front-district", "front-commune",
)  # fmt: skip
_TIERS = {"phuong_old": "commune_old", "phuong": "xa"}
# Issuers beside the people's committees, by their folded names.
_OWN = (
    ("front", re.compile(r"mttq|mat tran")),
    ("party", re.compile(r"\b(?:tinh|thanh|huyen|quan|thi|dang) uy\b")),
    ("board", re.compile(r"^(?:tieu ban|ban chi dao|uy ban bau cu|ban bau cu)")),
    ("school", re.compile(r"^truong\b")),
    ("union", re.compile(r"\b(?:doan|hoi|lien doan)\b(?! dong)")),
)
# The words for an area of each level: one of them is the issuer's own.
_KINDS = (
    (("province",), ("tỉnh", "thành phố")),
    (("district",), ("huyện", "quận", "thị xã", "thành phố")),
    (("commune_old", "phuong_old", "xa", "phuong"), ("xã", "phường", "thị trấn", "đặc khu")),
)
_COMMON_NAME = letters(r"(?:^|\s)[\p{Ll}]+$")
_PARTY = {"tỉnh": "Tỉnh", "huyện": "Huyện", "quận": "Quận", "thành phố": "Thành"}
_COMMITTEE = letters(r"\b(Tỉnh|Huyện|Quận|Thị|Thành) (ủy|đoàn)\b")
_SEVERAL = letters(
    r"(?:xã|phường|thị trấn|huyện|quận|thành phố)\s*(?:,|và)\s*"
    r"(?:xã|phường|thị trấn|đặc khu|thị xã|thành phố|huyện)"
)
_COMMITTEES = letters(r"(?:UBND|[Ủủ]y ban nhân dân)\s+các\b")
_DISTRICTS = letters(r"các (?:huyện|quận|thị xã)(?:,? (?:và )?(?:huyện|quận|thị xã|thành phố))*")
_COMMUNES = letters(r"các (?:xã|phường)(?:,? (?:và )?(?:xã|phường|thị trấn|đặc khu))*")
REFORM = 2025
"""Year in which ministries and departments were merged."""

TWO_TIERS = "2025-07-01"
"""Since that day there are no districts."""


def issuer_kind(issuer: str | None) -> str | None:
    """``front``, ``party``, ``board``, ``school``, ``union``; ``None`` for committees, offices."""
    words = fold(issuer or "")
    return next((kind for kind, pattern in _OWN if pattern.search(words)), None)


def column(level: Level | None, issuer: str | None, day: str) -> Column | None:
    """The column of an issuer; ``day`` is ISO or a year ("2026")."""
    if kind := issuer_kind(issuer):
        return f"{kind}-{level or 'province_agency'}"
    if level == "commune":
        urban = "phuong" in fold(issuer or "").split()
        if (day if len(day) > 4 else f"{day}-12") < TWO_TIERS:
            return "phuong_old" if urban else "commune_old"
        return "phuong" if urban else "xa"
    return level


def column_of(header: Header) -> Column | None:
    """The column of a plan's issuer at the time of the plan."""
    day = header.issued_on or header.issued_month or (str(header.year) if header.year else "")
    return column(header.level, header.issuer, day) if day else None


def same_tier(one: Column | None, other: Column | None) -> bool:
    """Whether two issuers have the same bodies but for the word of their kind: xã and phường."""
    return (
        one is not None and other is not None and _TIERS.get(one, one) == _TIERS.get(other, other)
    )


def other_kind(one: Column | None, other: Column | None) -> bool:
    """Whether one is an issuer of the Party, the Front ... and the other of another kind."""
    kinds = [where.partition("-")[0] if where and "-" in where else "" for where in (one, other)]
    return kinds[0] != kinds[1]


@cache
def _rows() -> tuple[tuple[str, dict[str, tuple[str, ...]]], ...]:
    text = files("kh_nlp.drafting").joinpath("data/counterparts.tsv").read_text("utf-8")
    found = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            duty, *cells = line.split("\t")
            names = {
                name: tuple(part.strip() for part in cell.split(";") if part.strip() != "-")
                for name, cell in zip(_COLUMNS, cells, strict=True)
            }
            found.append((duty, names))
    return tuple(found)


@lru_cache(maxsize=65536)
def _duties(name: str, where: Column) -> tuple[int, ...]:
    """Rows whose cell of the column names this body; exact words first, else the nearest."""
    words = subject(name)
    exact, near = [], []
    for index, (_, cells) in enumerate(_rows()):
        for listed in cells.get(where, ()):
            known = subject(listed)
            if known == words:
                exact.append(index)
            elif words and len(words & known) >= 0.75 * len(words | known):
                near.append(index)
    return tuple(dict.fromkeys(exact or near))


@lru_cache(maxsize=65536)
def counterpart(
    name: str,
    source: Column | None,
    target: Column | None,
    year: int = REFORM,
    kind: str | None = None,
) -> str | None:
    """The body at ``target`` with the duty that ``name`` has at ``source``; ``None`` for none.

    Within one column a body stays as it is, unless it ended before ``year``, the year of the draft:
    then its one successor is given. ``kind`` is the word for the issuer's own area ("thành phố"):
    "Công an huyện" becomes "Công an thành phố".
    """
    asked = re.sub(r"^(?:Giao|Đề nghị)\s+", "", name)
    if source is None or target is None:
        return None
    found = _standing(name, target, year) if source == target else None
    if found is None and source in _COLUMNS and target in _COLUMNS:
        cells = (_rows()[i][1][target] for i in _duties(name, source) or _duties(asked, source))
        found = next((cell[0] for cell in cells if cell), None)
        if found is None and same_tier(source, target) and _COMMON_NAME.search(name):
            found = _standing(name, target, year)  # "Hội Nông dân xã"; no "Trường THPT Vàm Thu"
    if found and year > REFORM and _DISTRICTS.search(found):
        return None  # "Phòng Tư pháp các huyện"
    return _of_kind(found, target, kind) if found and kind else found


@cache
def _other_rows() -> dict[str, dict[Column, tuple[str, ...]]]:
    """By duty the bodies of issuers that are no people's committees (``_OTHER_COLUMNS``)."""
    text = files("kh_nlp.drafting").joinpath("data/other_kinds.tsv").read_text("utf-8")
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            duty, *cells = line.split("\t")
            names = (
                tuple(n.strip() for n in cell.split(";") if n.strip() != "-") for cell in cells
            )
            found[duty] = dict(zip(_OTHER_COLUMNS, names, strict=True))
    return found


@lru_cache(maxsize=65536)
def across_kinds(
    name: str,
    source: Column | None,
    target: Column | None,
    issuer: str = "",
    kind: str | None = None,
) -> str | None:
    """The body of a Party committee or of the Front (``target``) whose part is that of ``name`` at
    ``source``; ``None`` for none. What it has to do there is another matter: this tells who has a
    place in the list, not a duty.
    """
    if target not in _OTHER_COLUMNS or source == target:
        return None
    if source not in _COLUMNS and source not in _OTHER_COLUMNS:
        return None
    if source in _COLUMNS:
        asked = re.sub(r"^(?:Giao|Đề nghị)\s+", "", name)
        duties = [_rows()[i][0] for i in _duties(name, source) or _duties(asked, source)]
    else:
        duties = [
            duty
            for duty, cells in _other_rows().items()
            if any(_one_or_several(known) == _one_or_several(name) for known in cells[source])
        ]
    cells_ = (_other_rows().get(duty, {}).get(target, ()) for duty in duties)
    found = next((cell[0] for cell in cells_ if cell), None)
    if found is None:
        return None
    if committee := re.match(r"(?:Ban Thường vụ )?(Thành|Quận|Thị) ủy\b", issuer):
        return found.replace("Huyện ủy", f"{committee[1]} ủy").replace("Tỉnh ủy", "Thành ủy")
    level = {"province": "province", "district": "district", "commune": "xa"}
    return _of_kind(found, level[target.partition("-")[2]], kind) if kind else found


def _one_or_several(name: str) -> tuple[frozenset[str], bool]:
    """The Front of a province and the Fronts of its communes differ in no other word."""
    return subject(name), bool(re.search(r"\bcac\b", fold(name)))


def _of_kind(name: str, where: Column, kind: str) -> str:
    """The name with the word for the issuer's own area; "UBND các xã, phường" stays."""
    level = next((words for columns, words in _KINDS if where in columns), ())
    if kind not in level or _SEVERAL.search(name):
        return name
    name = _other_kinds(level, kind).sub(kind, name)
    party = _PARTY.get(kind)
    return _COMMITTEE.sub(lambda m: f"{party} {m[2]}", name) if party else name


@cache
def _other_kinds(level: tuple[str, ...], kind: str) -> re.Pattern[str]:
    words = "|".join(word for word in level if word != kind)
    return letters(rf"(?<!\w)(?<!các )(?:{words})(?=\s*(?:$|[,;:.]|(?:và|thuộc)\b))")


def _standing(name: str, where: Column, year: int) -> str:
    if where in ("district", "commune_old", "phuong_old") or year < REFORM:
        return _of_era(name, where, year)
    heir = successor(name)
    return heir.name if heir is not None else _of_era(name, where, year)


def _of_era(name: str, where: Column, year: int) -> str:
    """The committees below a province by their kind: of districts until 2025, of communes since."""
    if where != "province" or not _COMMITTEES.search(name):
        return name
    old, new = (
        (_DISTRICTS, "các xã, phường") if year >= REFORM else (_COMMUNES, "các huyện, thành phố")
    )
    return old.sub(new, name)


@cache
def listed_names(where: Column | None) -> re.Pattern[str]:
    """Names of the bodies of a column, longest first; of an issuer without a column none."""
    index = _COLUMNS.index(where) if where in _COLUMNS else None
    names = {
        re.sub(r"^Đề nghị ", "", name)
        for _, cells in _rows()
        for name in (cells[_COLUMNS[index]] if index is not None else ())
    }
    listed = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return letters(rf"(?<!\w)(?:{listed})(?!\w)") if listed else re.compile(r"(?!)")
