"""Places that users add: a tab-separated file such as ``corpus/places.tsv``."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from kh_nlp.errors import InputError
from kh_nlp.places.gazetteer import (
    COMMUNE_KINDS,
    DISTRICT_KINDS,
    Commune,
    District,
    Place,
    Province,
    load_gazetteer,
)
from kh_nlp.places.names import place_key, split_kind

_NEEDED = ("name", "kind", "parent")
_COLUMNS = (*_NEEDED, "valid_from", "valid_to", "successor")


def read_places(path: Path) -> list[Place]:
    """Places of a file with the columns name, kind, parent and, if wanted, dates and successor.

    The first row names the columns: ``name``, ``kind`` (tỉnh, thành phố, huyện, quận, thị xã, xã,
    phường, thị trấn, đặc khu), ``parent`` (empty for a province; the province of a district; the
    district or province of a commune), ``valid_from``, ``valid_to`` (YYYY-MM-DD), ``successor``
    (several with ";"). Others are ignored. Raises InputError naming the line.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"Không đọc được tệp địa danh “{path.name}” (cần UTF-8).") from error
    table = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    if missing := [column for column in _NEEDED if column not in (table.fieldnames or ())]:
        raise InputError(f"Tệp địa danh “{path.name}” thiếu cột {', '.join(missing)} ở dòng đầu.")
    rows = [
        (table.line_num, {name: (row.get(name) or "").strip() for name in _COLUMNS})
        for row in table
    ]
    homes = {  # key of a district → its name with its kind, and its province
        place_key(row["name"]): (f"{row['kind'].lower()} {row['name']}", row["parent"])
        for _, row in rows
        if row["kind"].lower() in DISTRICT_KINDS and row["parent"]
    }
    provinces = {place_key(row["name"]) for _, row in rows if not row["parent"]}
    return [
        _place(row, f"Tệp địa danh “{path.name}”, dòng {number}", provinces, homes)
        for number, row in rows
        if any(row.values())
    ]


def _place(
    row: dict[str, str], where: str, provinces: set[str], homes: dict[str, tuple[str, str]]
) -> Place:
    name, kind, parent = row["name"], row["kind"].lower(), row["parent"]
    if not place_key(name):
        raise InputError(f"{where}: thiếu tên địa danh.")
    since, until = (_day(row[column], where) for column in ("valid_from", "valid_to"))
    heirs = tuple(h for piece in row["successor"].split(";") if (h := piece.strip()))
    if not parent and kind in ("tỉnh", "thành phố"):
        return Province(
            name=name,
            kind=kind,
            valid_from=since,
            valid_to=until,
            successor=heirs[0] if heirs else None,
        )
    if not parent:
        raise InputError(f"{where}: “{name}” thiếu cấp trên (cột parent).")
    _, key = split_kind(parent)
    is_province = key in provinces or load_gazetteer().province(parent) is not None
    if kind in DISTRICT_KINDS and is_province:
        return District(name=name, kind=kind, province=parent, valid_from=since, valid_to=until)
    if kind in COMMUNE_KINDS and (is_province or key in homes):
        district, home = (None, parent) if is_province else homes[key]
        return Commune(
            name=name,
            kind=kind,
            province=home,
            district=district,
            valid_from=since,
            valid_to=until,
            successors=heirs,
        )
    if kind in DISTRICT_KINDS | COMMUNE_KINDS:
        raise InputError(f"{where}: không biết cấp trên “{parent}” của “{name}”.")
    raise InputError(f"{where}: không biết loại đơn vị “{row['kind']}”.")


def _day(value: str, where: str) -> str | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise InputError(f"{where}: ngày “{value}” không theo dạng NNNN-TT-NN.") from error
