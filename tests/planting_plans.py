"""The clean plans that leftovers are planted in, and the records of the planter."""

from __future__ import annotations

import csv
import gzip
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"

KINDS = (
    "foreign_place",
    "foreign_issuer",
    "wrong_year",
    "abolished_body",
    "replaced_document",
    "document_date",
    "document_issuer",
    "number_without_source",
)

UPPER = "A-ZÀ-ỸĐ"
WORD = rf"[{UPPER}][\w'’\-]*"
NAME = rf"{WORD}(?:[ \t]+{WORD}){{0,3}}"
KIND = r"(?:tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn)"
BODY = (
    r"(?:Chủ tịch\s+)?(?:UBND|HĐND|Ủy ban nhân dân|Hội đồng nhân dân|Đảng ủy|Huyện ủy|Công an|"
    r"Ủy ban MTTQ Việt Nam|UBMTTQ Việt Nam|Ủy ban Mặt trận Tổ quốc Việt Nam|"
    r"Sở Nội vụ|Sở Tư pháp|Sở Thông tin và Truyền thông|Ban Chấp hành Đảng bộ)"
)


@dataclass(frozen=True, slots=True)
class Plant:
    """One leftover: ``start``/``end`` are characters of the draft's file; ``how`` tells the way."""

    kind: str
    start: int
    end: int
    text: str
    how: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft and what was planted in it; ``plan`` names the clean file."""

    name: str
    plan: str
    text: str
    plants: tuple[Plant, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """``text[start:end]`` becomes ``new``; the plant is ``new[inner[0]:inner[1]]``."""

    kind: str
    start: int
    end: int
    new: str
    inner: tuple[int, int]
    how: str


@dataclass(frozen=True, slots=True)
class Clean:
    """A clean plan: what the generator has to know of it, told by hand readings."""

    path: Path
    text: str
    issued_on: str
    year: int
    period: tuple[int, int] | None
    province: str
    level: str
    own: frozenset[str]
    family: frozenset[str]


@cache
def place_rows() -> tuple[dict[str, str], ...]:
    with (CORPUS / "places.tsv").open(encoding="utf-8") as stream:
        return tuple(csv.DictReader(stream, delimiter="\t"))


def province_of(row: dict[str, str]) -> str:
    while row["parent"]:
        parent = row["parent"]
        higher = [r for r in place_rows() if r["name"] == parent]
        row = next((r for r in higher if not r["parent"]), higher[0])
    return row["name"]


@cache
def real_places() -> dict[str, tuple[str, ...]]:
    """Names of the real gazetteer by kind: two or three plain words, no numbers."""
    found: dict[str, set[str]] = {}
    data = files("kh_nlp.places")
    packed = data.joinpath("data/communes.tsv.gz").read_bytes()
    for line in gzip.decompress(packed).decode("utf-8").split("\n"):
        _, name, kind, *_ = line.split("\t")
        if re.fullmatch(rf"[{UPPER}][^\W\d]*(?: [{UPPER}][^\W\d]*){{1,2}}", name):
            found.setdefault(kind, set()).add(name)
    for line in data.joinpath("data/provinces.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, kind, *_ = line.split("\t")
            found.setdefault("tỉnh" if kind == "tỉnh" else "trung ương", set()).add(name)
    return {kind: tuple(sorted(names)) for kind, names in found.items()}


@cache
def clean_plans() -> tuple[Clean, ...]:
    """The plans of ``corpus/`` with what their hand readings say of issue, year and place."""
    found = []
    for path in sorted(CORPUS.glob("[0-9][0-9]-*")):
        gold = ROOT / "tests" / "gold_corpus" / f"{path.stem}.json"
        head = json.loads(gold.read_text("utf-8"))["header"]
        issuer = head["issuer"] or ""
        rows = [r for r in place_rows() if r["name"] in issuer]
        province = head.get("province") or (province_of(rows[0]) if rows else "")
        own = {r["name"] for r in place_rows() if r["name"] in issuer}
        own |= {province}
        own |= {r["parent"] for r in place_rows() if r["name"] in own and r["parent"]}
        family = {r["name"] for r in place_rows() if province_of(r) == province}
        period = head.get("period") or None
        span = (int(period["from"][:4]), int(period["to"][:4])) if period else None
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        found.append(
            Clean(
                path=path,
                text=text,
                issued_on=head["issued_on"] or f"{head['year']}-01-15",
                year=head["year"],
                period=span if span and span[1] > span[0] else None,
                province=province,
                level=head["level"],
                own=frozenset(own),
                family=frozenset(family),
            )
        )
    return tuple(found)
