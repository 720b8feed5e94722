"""Drafts with leftovers planted in them, by a seeded generator: the measure of ``kh check``.

A plan of ``corpus/`` stands for a clean draft. Each draft gets a few leftovers as copying last
year's or a neighbour's file would bring them: a name swapped for a foreign one in a sentence, a
table, the căn cứ, nơi nhận or the place line; a sentence or a căn cứ line of another plan; a year
or period that was not rewritten; a body that no longer exists; a figure that was changed. Every
plant keeps its kind and its span in the *file* (characters), so that reading is measured too.

``python -m tests.planting FOLDER --seed 1 --count 200`` writes drafts and ``plants.json``.

Written before the checks. The lists of replaced documents and former bodies below are the
planter's own, drawn up from general knowledge, not from the data that the checks use.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
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

_UPPER = "A-ZÀ-ỸĐ"
_WORD = rf"[{_UPPER}][\w'’\-]*"
_NAME = rf"{_WORD}(?:[ \t]+{_WORD}){{0,3}}"
_KIND = r"(?:tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn)"
_BODY = (
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
def _rows() -> tuple[dict[str, str], ...]:
    with (CORPUS / "places.tsv").open(encoding="utf-8") as stream:
        return tuple(csv.DictReader(stream, delimiter="\t"))


def _province_of(row: dict[str, str]) -> str:
    while row["parent"]:
        parent = row["parent"]
        higher = [r for r in _rows() if r["name"] == parent]
        row = next((r for r in higher if not r["parent"]), higher[0])
    return row["name"]


@cache
def _real() -> dict[str, tuple[str, ...]]:
    """Names of the real gazetteer by kind: two or three plain words, no numbers."""
    found: dict[str, set[str]] = {}
    data = files("kh_nlp.places")
    packed = data.joinpath("data/communes.tsv.gz").read_bytes()
    for line in gzip.decompress(packed).decode("utf-8").split("\n"):
        _, name, kind, *_ = line.split("\t")
        if re.fullmatch(rf"[{_UPPER}][^\W\d]*(?: [{_UPPER}][^\W\d]*){{1,2}}", name):
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
        rows = [r for r in _rows() if r["name"] in issuer]
        province = head.get("province") or (_province_of(rows[0]) if rows else "")
        own = {r["name"] for r in _rows() if r["name"] in issuer}
        own |= {province}
        own |= {r["parent"] for r in _rows() if r["name"] in own and r["parent"]}
        family = {r["name"] for r in _rows() if _province_of(r) == province}
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


def _foreign(plan: Clean, kind: str, rng: random.Random) -> str:
    """A name of that kind of another place: of the samples' world or of the real gazetteer."""
    invented = [r["name"] for r in _rows() if r["kind"] == kind and r["name"] not in plan.own]
    if plan.level in ("province", "province_agency"):
        # to a province its own communes are no strangers
        invented = [name for name in invented if name not in plan.family]
    if invented and rng.random() < 0.5:
        return rng.choice(invented)
    while True:
        name = rng.choice(_real()[kind])
        if name not in plan.family and name not in plan.text:
            return name


def _body_start(text: str) -> int:
    """Where the sections begin: heads have their own conventions."""
    found = re.search(r"^(?:\*\*)?(?:#+ )?(?:A|I|1)\s*\.", text, re.M)
    return found.start() if found else len(text) // 5


def _closing(text: str) -> int:
    found = re.search(r"Nơi nhận", text)
    return found.start() if found else len(text)


def _in_citation(text: str, at: int) -> bool:
    """Whether a number stands shortly before: dates and bodies there are a document's."""
    return re.search(r"\d+[/\-][\w/\-]*[A-ZĐ][^.;]*$", text[max(0, at - 160) : at]) is not None


def _same_case(model: str, name: str) -> str:
    return name.upper() if model.isupper() else name


def _swaps_place(plan: Clean, rng: random.Random) -> Iterator[Edit]:
    """Own place with its kind, or bare, exchanged for a foreign one; the head itself stays."""
    text, first = plan.text, _body_start(plan.text)
    for match in re.finditer(rf"(?P<kind>{_KIND})\s+(?P<name>{_NAME})", text):
        before = re.sub(r"\s+", " ", text[max(0, match.start() - 60) : match.start()])
        if match["name"] not in plan.own or before.endswith("Hợp tác "):
            continue
        issuer = re.search(rf"{_BODY}\s+$", before)
        if (
            match.start() < first
            and not re.search(r"(?:trên địa bàn|của)\s+$", before)
            and not issuer
        ):
            continue
        name = _foreign(plan, match["kind"], rng)
        new = f"{match['kind']} {name}"
        if issuer:
            yield Edit("foreign_issuer", match.start(), match.end(), new, (0, len(new)), "swap")
        else:
            yield Edit("foreign_place", match.start(), match.end(), new, (0, len(new)), "swap")
    for name in sorted(plan.own):
        kinds = [r["kind"] for r in _rows() if r["name"] == name]
        for match in re.finditer(re.escape(name), text):
            before = text[max(0, match.start() - 25) : match.start()]
            if re.search(rf"(?:{_KIND}|thôn|làng|xóm|chợ|sông|biển|{_UPPER}\w*)\s*$", before, re.I):
                continue
            date_line = re.match(r", ngày", text[match.end() : match.end() + 6])
            if match.start() < first and not date_line:
                continue
            if re.search(r"[\w\"“]\s*$", before) is None and not date_line:
                continue
            foreign = _foreign(plan, kinds[0], rng)
            inner = (0, len(foreign))
            how = "place line" if date_line else "bare"
            yield Edit("foreign_place", match.start(), match.end(), foreign, inner, how)


def _sentences(plan: Clean) -> list[str]:
    first, last = _body_start(plan.text), _closing(plan.text)
    flat = re.sub(r"[*#|]+", " ", plan.text[first:last])
    pieces = re.split(r"(?<=[.;])\s+|\n\s*\n", flat)
    clean = [" ".join(piece.split()) for piece in pieces]
    return [
        s
        for s in clean
        if 8 <= len(s.split()) <= 45 and s[0].isupper() and s[-1] in ".;" and "kèm theo" not in s
    ]


def _gaps(plan: Clean) -> list[int]:
    """Ends of paragraphs of the sections: where a copied sentence would be put in."""
    first, last = _body_start(plan.text), _closing(plan.text)
    return [
        m.start() + 1
        for m in re.finditer(r"[.](?=[ \t]*\n[ \t]*\n)", plan.text)
        if first < m.start() < last and "|" not in plan.text[m.start() - 80 : m.start()]
    ]


def _insertions(plan: Clean, rng: random.Random) -> Iterator[Edit]:
    """A sentence of another plan that names its own place, issuer, year or former bodies."""
    gaps = _gaps(plan)
    others = [other for other in clean_plans() if other.path != plan.path]
    if not gaps:
        return
    for other in rng.sample(others, min(8, len(others))):
        strangers = other.own - plan.own
        if plan.level in ("province", "province_agency", "district"):
            strangers -= plan.family
        for sentence in _sentences(other):
            sentence = sentence[:-1] + "."
            at = rng.choice(gaps)
            for match in re.finditer(rf"(?P<kind>{_KIND}\s+)?(?P<name>{_NAME})", sentence):
                if match["name"] not in strangers or "số " in sentence:
                    continue
                if sentence[: match.start()].endswith("Hợp tác "):
                    continue
                issuer = re.search(rf"{_BODY}\s+$", sentence[: match.start()])
                kind = "foreign_issuer" if issuer and match["kind"] else "foreign_place"
                inner = (match.start() + 1, match.end() + 1)
                yield Edit(kind, at, at, f" {sentence}", inner, "sentence")
                break
            due = re.search(
                r"(?:[Tt]rước|hết|xong) ngày (\d{1,2}/\d{1,2}/(20\d\d))"
                r"|(?:[Tt]háng|[Qq]uý) [\dIV]+/(20\d\d)",
                sentence,
            )
            if due is None or "cho thấy" in sentence or any(n in sentence for n in strangers):
                continue
            if int(due[2] or due[3]) < min(plan.year, int(plan.issued_on[:4])):
                inner = (due.start() + 1, due.end() + 1)
                yield Edit("wrong_year", at, at, f" {sentence}", inner, "sentence")


def _issuer_lines(plan: Clean, rng: random.Random) -> Iterator[Edit]:
    """A căn cứ line with a local document of elsewhere; a foreign body among nơi nhận."""
    text = plan.text
    levels = {"commune": ("huyện", "tỉnh"), "district": ("tỉnh",)}.get(plan.level, ("tỉnh",))
    kind = rng.choice(levels) if plan.issued_on < "2025-07-01" else "tỉnh"
    name = _foreign(plan, kind, rng)
    year = int(plan.issued_on[:4]) - (plan.issued_on[5:7] < "02")
    month = rng.choice((10, 11, 12)) if year < int(plan.issued_on[:4]) else 1
    day = f"{rng.randint(10, 28)}/{month}/{year}"
    body = rng.choice(("UBND", "Ủy ban nhân dân"))
    line = f"Căn cứ Kế hoạch số {rng.randint(20, 399)}/KH-UBND ngày {day} của "
    place = f"{body} {kind} {name}"
    for match in re.finditer(r"^Căn cứ [^\n]*;\n", text[: _body_start(text)], re.M):
        new = f"{line}{place} về công tác cải cách hành chính năm {plan.year};\n"
        at = match.end()
        yield Edit("foreign_issuer", at, at, new, (len(line), len(line) + len(place)), "căn cứ")
    for match in re.finditer(r"^- [^\n]*;\n", text[_closing(text) :], re.M):
        at = _closing(text) + match.end()
        new = f"- {place} (b/c);\n"
        yield Edit("foreign_issuer", at, at, new, (2, 2 + len(place)), "nơi nhận")
        break


def _years(plan: Clean, rng: random.Random) -> Iterator[Edit]:
    """The plan's own year or period, and days to finish, left as in an older file."""
    text, first = plan.text, _body_start(plan.text)
    old = plan.year - rng.choice((1, 1, 1, 2))
    issued = int(plan.issued_on[:4])
    own = rf"năm\s+{plan.year}\b"
    for match in re.finditer(
        rf"(?:dự toán|ngân sách(?:\s+\w+)?|trong|hết|cuối|[Cc]ả|hành chính|nhiệm vụ|chuyển đổi số)"
        rf"\s+{own}",
        text,
    ):
        if match.start() > first and not _in_citation(text, match.start()):
            end = match.end()
            start = text.rindex("năm", match.start(), end)
            new = f"năm {old}"
            yield Edit("wrong_year", start, end, new, (0, len(new)), "own year")
    for match in re.finditer(
        r"(?:(?:[Tt]rước|hết|xong|[Đđ]ến) ngày \d{1,2}/\d{1,2}|[Tt]háng \d{1,2}|[Qq]uý [IV]+)"
        r"/(20\d\d)\b",
        text,
    ):
        year = int(match[1])
        # a day to finish that lies before the day of issue
        past = min(old, issued - 1)
        told = (
            "cho thấy" in text[match.end() : match.end() + 20]
        )  # of what was found, not to be done
        if (
            match.start() > first
            and year >= issued
            and not (told or _in_citation(text, match.start()))
        ):
            new = match.group()[:-4] + str(past)
            yield Edit("wrong_year", match.start(), match.end(), new, (0, len(new)), "deadline")
    if plan.period:
        a, b = plan.period
        for match in re.finditer(rf"giai\s+đoạn\s+{a}\s*[-–]\s*{b}", text):
            if match.start() > first and not _in_citation(text, match.start()):
                new = f"giai đoạn {a - 5} - {b - 5}"
                yield Edit("wrong_year", match.start(), match.end(), new, (0, len(new)), "period")


_FORMER = (  # body today, former body, last day of the former
    ("Sở Khoa học và Công nghệ", "Sở Thông tin và Truyền thông", "2025-02-28"),
    ("Sở Nội vụ", "Sở Lao động - Thương binh và Xã hội", "2025-02-28"),
    ("Sở Tài chính", "Sở Kế hoạch và Đầu tư", "2025-02-28"),
    ("Sở Nông nghiệp và Môi trường", "Sở Nông nghiệp và Phát triển nông thôn", "2025-02-28"),
    ("Bộ Khoa học và Công nghệ", "Bộ Thông tin và Truyền thông", "2025-02-28"),
    ("Bộ Nội vụ", "Bộ Lao động - Thương binh và Xã hội", "2025-02-28"),
    ("Bộ Nội vụ", "Bộ Thông tin và Truyền thông", "2025-02-28"),
    ("Sở Giáo dục và Đào tạo", "Sở Tài nguyên và Môi trường", "2025-02-28"),
    ("Sở Văn hóa, Thể thao và Du lịch", "Sở Thông tin và Truyền thông", "2025-02-28"),
    ("Phòng Văn hóa - Xã hội", "Phòng Văn hóa và Thông tin", "2025-06-30"),
    ("Phòng Văn hóa - Xã hội", "Phòng Nội vụ", "2025-06-30"),
    ("Phòng Kinh tế, Hạ tầng và Đô thị", "Phòng Kinh tế và Hạ tầng", "2025-06-30"),
    ("Phòng Kinh tế", "Phòng Tài chính - Kế hoạch", "2025-06-30"),
    ("Phòng Kinh tế", "Phòng Tài nguyên và Môi trường", "2025-06-30"),
    ("Công an xã", "Công an huyện", "2025-06-30"),
    ("Công an phường", "Công an huyện", "2025-06-30"),
    ("Văn phòng HĐND và UBND xã", "Văn phòng HĐND và UBND huyện", "2025-06-30"),
    ("UBND các xã, phường", "UBND các huyện, thị xã, thành phố", "2025-06-30"),
    ("Ủy ban nhân dân các xã, phường", "Ủy ban nhân dân các huyện, thành phố", "2025-06-30"),
    ("UBND tỉnh", "UBND huyện", "2025-06-30"),
    ("TT Đảng ủy", "TT Huyện ủy", "2025-06-30"),
)
_FORMER_SENTENCES = (
    ("Định kỳ hằng tháng báo cáo kết quả về Phòng Nội vụ huyện để tổng hợp.", "Phòng Nội vụ huyện"),
    ("Kinh phí do Phòng Tài chính - Kế hoạch thẩm định, trình UBND huyện phê duyệt.", "UBND huyện"),
    (
        "Phối hợp với Phòng Lao động - Thương binh và Xã hội rà soát đối tượng.",
        "Phòng Lao động - Thương binh và Xã hội",
    ),
    (
        "Nội dung tuyên truyền theo hướng dẫn của Sở Thông tin và Truyền thông.",
        "Sở Thông tin và Truyền thông",
    ),
    ("Gửi báo cáo về Bộ Thông tin và Truyền thông theo quy định.", "Bộ Thông tin và Truyền thông"),
    ("Đài truyền thanh cấp huyện phát lại chương trình vào khung giờ cố định.", "cấp huyện"),
    ("Tham mưu Huyện ủy chỉ đạo cấp ủy cơ sở quán triệt nội dung Kế hoạch.", "Huyện ủy"),
)


def _former_bodies(plan: Clean, rng: random.Random) -> Iterator[Edit]:
    first = _body_start(plan.text)
    for today, former, until in _FORMER:
        if plan.issued_on <= until:
            continue
        if former.startswith(("Phòng", "TT Huyện")) and plan.level != "commune":
            continue
        for match in re.finditer(rf"{today}(?![\w,])(?! và)", plan.text):
            if match.start() > first and not _in_citation(plan.text, match.start()):
                new, inner = former, (0, len(former))
                yield Edit("abolished_body", match.start(), match.end(), new, inner, "swap")
    gaps = _gaps(plan)
    for sentence, name in _FORMER_SENTENCES:
        since = "2025-02-28" if name.startswith(("Sở", "Bộ")) else "2025-06-30"
        if gaps and plan.issued_on > since:
            at = rng.choice(gaps)
            start = sentence.index(name) + 1
            inner = (start, start + len(name))
            yield Edit("abolished_body", at, at, f" {sentence}", inner, "sentence")


# (citation, day from which another took its place): facts of the official gazette.
_REPLACED = (
    ("Luật Tổ chức chính quyền địa phương số 77/2015/QH13 ngày 19 tháng 6 năm 2015", "2025-03-01"),
    ("Luật Đất đai số 45/2013/QH13 ngày 29 tháng 11 năm 2013", "2024-08-01"),
    ("Luật Giao dịch điện tử số 51/2005/QH11 ngày 29 tháng 11 năm 2005", "2024-07-01"),
    (
        "Luật Ban hành văn bản quy phạm pháp luật số 80/2015/QH13 ngày 22 tháng 6 năm 2015",
        "2025-04-01",
    ),
    ("Luật Căn cước công dân số 59/2014/QH13 ngày 20 tháng 11 năm 2014", "2024-07-01"),
    ("Luật Thi đua, khen thưởng số 15/2003/QH11 ngày 26 tháng 11 năm 2003", "2024-01-01"),
    ("Luật Phòng, chống bạo lực gia đình số 02/2007/QH12 ngày 21 tháng 11 năm 2007", "2023-07-01"),
    ("Luật Thanh tra số 56/2010/QH12 ngày 15 tháng 11 năm 2010", "2023-07-01"),
    ("Luật Thanh niên số 53/2005/QH11 ngày 29 tháng 11 năm 2005", "2021-01-01"),
    ("Luật Bảo vệ môi trường số 55/2014/QH13 ngày 23 tháng 6 năm 2014", "2022-01-01"),
    ("Luật Bảo hiểm xã hội số 58/2014/QH13 ngày 20 tháng 11 năm 2014", "2025-07-01"),
    (
        "Nghị định số 61/2018/NĐ-CP ngày 23 tháng 4 năm 2018 của Chính phủ về thực hiện cơ chế"
        " một cửa, một cửa liên thông trong giải quyết thủ tục hành chính",
        "2025-07-01",
    ),
    (
        "Nghị định số 110/2004/NĐ-CP ngày 08 tháng 4 năm 2004 của Chính phủ về công tác văn thư",
        "2020-03-05",
    ),
    (
        "Nghị định số 43/2011/NĐ-CP ngày 13 tháng 6 năm 2011 của Chính phủ quy định về việc cung "
        "cấp"
        " thông tin và dịch vụ công trực tuyến trên trang thông tin điện tử hoặc cổng thông tin "
        "điện"
        " tử của cơ quan nhà nước",
        "2022-08-15",
    ),
)


def _replaced(plan: Clean, rng: random.Random) -> Iterator[Edit]:
    first = _body_start(plan.text)
    for cited, since in _REPLACED:
        number = re.search(r"số (\S+)", cited)
        if plan.issued_on <= since or number is None or number[1] in plan.text:
            continue
        for match in re.finditer(r"^Căn cứ [^\n]*;\n", plan.text[:first], re.M):
            new = f"Căn cứ {cited};\n"
            yield Edit(
                "replaced_document", match.end(), match.end(), new, (7, 7 + len(cited)), "căn cứ"
            )
            break
        if gaps := _gaps(plan):
            at, lead = rng.choice(gaps), " Việc thực hiện theo quy định tại "
            inner = (len(lead), len(lead) + len(cited))
            yield Edit("replaced_document", at, at, f"{lead}{cited}.", inner, "sentence")


_CITED = re.compile(
    r"(?P<kind>Nghị quyết|Nghị định|Quyết định|Chỉ thị|Thông tư)\s+số\s+"
    r"(?P<number>[\d.]+[/\-][\w/\-]+)\s+"
    r"ngày\s+(?P<day>\d{1,2})(?P<mid>/| tháng )(?P<month>\d{1,2})(?P<mid2>/| năm )(?P<year>20\d\d)"
    r"(?:\s+của\s+(?P<issuer>Thủ tướng Chính phủ|Chính phủ|Bộ Chính trị|Bộ Tài chính|"
    r"Bộ trưởng Bộ Tài chính|Văn phòng Chính phủ|Bộ Tư pháp|Bộ Nội vụ))?"
)


@cache
def _cited_often() -> frozenset[str]:
    """Numbers of central documents that two plans or more cite: their day can be known."""
    seen: dict[str, set[Path]] = {}
    for plan in clean_plans():
        for match in _CITED.finditer(plan.text):
            seen.setdefault(match["number"], set()).add(plan.path)
    return frozenset(number for number, plans in seen.items() if len(plans) >= 2)


def _documents(plan: Clean, rng: random.Random) -> Iterator[Edit]:
    """A document's day or body as a slip of copying leaves it."""
    central = re.compile(r"(?:CP|TTg|TW|BTC|VPCP|BTP|BNV|QH1\d)$")
    for match in _CITED.finditer(plan.text):
        if not central.search(match["number"]):
            continue
        printed = match.group()
        if match["number"] in _cited_often():
            day = rng.choice([d for d in range(1, 29) if d != int(match["day"])])
            part = rng.choice(("day", "day", "month", "year"))
            fresh = {
                "day": f"{day:02d}",
                "month": str(rng.choice([m for m in range(3, 13) if m != int(match["month"])])),
                "year": str(int(match["year"]) - 1),
            }[part]
            if part == "year" and re.search(r"/20\d\d/", match["number"]) is None:
                # the same number of another year can be another document
                fresh, part = f"{day:02d}", "day"
            start, end = match.start(part) - match.start(), match.end(part) - match.start()
            new = printed[:start] + fresh + printed[end:]
            yield Edit("document_date", match.start(), match.end(), new, (0, len(new)), part)
        if match["issuer"]:
            wrong = rng.choice(
                [
                    body
                    for body in ("Thủ tướng Chính phủ", "Chính phủ", "Bộ Nội vụ", "Bộ Chính trị")
                    if body not in match["issuer"] and match["issuer"] not in body
                ]
            )
            new = printed[: -len(match["issuer"])] + wrong
            yield Edit("document_issuer", match.start(), match.end(), new, (0, len(new)), "body")


def _figures(plan: Clean, rng: random.Random) -> Iterator[Edit]:
    """A figure that the source does not have: quantities, shares, sums."""
    first, last = _body_start(plan.text), _closing(plan.text)
    pattern = re.compile(
        r"(?<![\d./\-,])(\d{2,3}(?:\.\d{3})*|\d,\d)(?=%| (?!tháng|năm|ngày|giờ)[a-zà-ỹđ])"
    )
    for match in pattern.finditer(plan.text):
        line = plan.text.rfind("\n", 0, match.start())
        label = not plan.text[line : match.start()].strip(" |*#\t\n")
        if not first < match.start() < last or _in_citation(plan.text, match.start()) or label:
            continue
        before = plan.text[max(0, match.start() - 12) : match.start()]
        if re.search(r"(?:số|ngày|tháng|năm|quý|Đề án|mức độ|Điều|lớp)\s*$", before):
            continue
        old = match[1]
        while True:
            if "." in old:
                new = f"{rng.randint(1, 999)}.{rng.randint(1, 9)}{rng.randint(0, 99):02d}"
            elif "," in old:
                new = f"{rng.randint(1, 9)},{rng.randint(1, 9)}"
            else:
                share = plan.text[match.end() : match.end() + 1] == "%"
                new = str(rng.randint(11, 99 if len(old) == 2 or share else 999))
            if not re.search(rf"(?<!\d){re.escape(new)}(?!\d)", plan.text):
                break
        inner = (0, len(new))
        yield Edit("number_without_source", match.start(), match.end(), new, inner, "figure")


_WAYS: tuple[Callable[[Clean, random.Random], Iterator[Edit]], ...] = (
    _swaps_place,
    _insertions,
    _issuer_lines,
    _years,
    _former_bodies,
    _replaced,
    _documents,
    _figures,
)


def plant(plan: Clean, rng: random.Random, count: int) -> tuple[str, tuple[Plant, ...]]:
    """The plan's text with ``count`` leftovers (fewer where it gives no room), and these."""
    options: dict[tuple[str, str], list[Edit]] = {}
    for way in _WAYS:
        for edit in way(plan, rng):
            options.setdefault((edit.kind, edit.how), []).append(edit)
    chosen: list[Edit] = []
    for _ in range(count * 6):
        if len(chosen) == count or not options:
            break
        kinds = sorted({kind for kind, _ in options})
        kind = rng.choice(kinds)
        way_of = rng.choice(sorted(key for key in options if key[0] == kind))
        edits = options[way_of]
        edit = edits.pop(rng.randrange(len(edits)))
        if not edits:
            del options[way_of]
        if all(edit.start > e.end + 30 or edit.end < e.start - 30 for e in chosen):
            chosen.append(edit)
    text, plants, shift = plan.text, [], 0
    for edit in sorted(chosen, key=lambda e: e.start):
        at = edit.start + shift
        text = text[:at] + edit.new + text[at + edit.end - edit.start :]
        start, end = at + edit.inner[0], at + edit.inner[1]
        plants.append(Plant(edit.kind, start, end, text[start:end], edit.how))
        shift += len(edit.new) - (edit.end - edit.start)
    return text, tuple(plants)


def drafts(seed: int, count: int = 200) -> Iterator[Draft]:
    """``count`` drafts of plans of ``corpus/`` in turn, two to six plants each; same for a seed."""
    rng = random.Random(seed)
    # plans since the reform of 2025 twice: only they can hold bodies that ended
    plans = [*clean_plans(), *(p for p in clean_plans() if p.issued_on > "2025-02-28")]
    for index in range(count):
        plan = plans[index % len(plans)]
        text, plants = plant(plan, rng, rng.randint(2, 6))
        name = f"{index:03d}-{plan.path.stem}{plan.path.suffix}"
        yield Draft(name, plan.path.name, text, plants)


def main() -> None:
    """Write drafts and ``plants.json`` into a folder."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--count", type=int, default=200)
    given = arguments.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    table = {}
    for draft in drafts(given.seed, given.count):
        (given.folder / draft.name).write_text(draft.text, "utf-8")
        table[draft.name] = {"plan": draft.plan, "plants": [asdict(p) for p in draft.plants]}
    (given.folder / "plants.json").write_text(
        json.dumps(table, ensure_ascii=False, indent=1) + "\n", "utf-8"
    )


if __name__ == "__main__":
    main()
