"""The ways in which a leftover comes into a draft, each a generator of edits."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from planting_facts import FORMER, FORMER_SENTENCES, REPLACED
from planting_plans import (
    BODY,
    KIND,
    NAME,
    UPPER,
    Clean,
    Edit,
    clean_plans,
    place_rows,
    real_places,
)


def _foreign(plan: Clean, kind: str, rng: random.Random) -> str:
    """A name of that kind of another place: of the samples' world or of the real gazetteer."""
    invented = [r["name"] for r in place_rows() if r["kind"] == kind and r["name"] not in plan.own]
    if plan.level in ("province", "province_agency"):
        # to a province its own communes are no strangers
        invented = [name for name in invented if name not in plan.family]
    if invented and rng.random() < 0.5:
        return rng.choice(invented)
    while True:
        name = rng.choice(real_places()[kind])
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
    for match in re.finditer(rf"(?P<kind>{KIND})\s+(?P<name>{NAME})", text):
        before = re.sub(r"\s+", " ", text[max(0, match.start() - 60) : match.start()])
        if match["name"] not in plan.own or before.endswith("Hợp tác "):
            continue
        issuer = re.search(rf"{BODY}\s+$", before)
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
        kinds = [r["kind"] for r in place_rows() if r["name"] == name]
        for match in re.finditer(re.escape(name), text):
            before = text[max(0, match.start() - 25) : match.start()]
            if re.search(rf"(?:{KIND}|thôn|làng|xóm|chợ|sông|biển|{UPPER}\w*)\s*$", before, re.I):
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
            for match in re.finditer(rf"(?P<kind>{KIND}\s+)?(?P<name>{NAME})", sentence):
                if match["name"] not in strangers or "số " in sentence:
                    continue
                if sentence[: match.start()].endswith("Hợp tác "):
                    continue
                issuer = re.search(rf"{BODY}\s+$", sentence[: match.start()])
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


def _former_bodies(plan: Clean, rng: random.Random) -> Iterator[Edit]:
    first = _body_start(plan.text)
    for today, former, until in FORMER:
        if plan.issued_on <= until:
            continue
        if former.startswith(("Phòng", "TT Huyện")) and plan.level != "commune":
            continue
        for match in re.finditer(rf"{today}(?![\w,])(?! và)", plan.text):
            if match.start() > first and not _in_citation(plan.text, match.start()):
                new, inner = former, (0, len(former))
                yield Edit("abolished_body", match.start(), match.end(), new, inner, "swap")
    gaps = _gaps(plan)
    for sentence, name in FORMER_SENTENCES:
        since = "2025-02-28" if name.startswith(("Sở", "Bộ")) else "2025-06-30"
        if gaps and plan.issued_on > since:
            at = rng.choice(gaps)
            start = sentence.index(name) + 1
            inner = (start, start + len(name))
            yield Edit("abolished_body", at, at, f" {sentence}", inner, "sentence")


def _replaced(plan: Clean, rng: random.Random) -> Iterator[Edit]:
    first = _body_start(plan.text)
    for cited, since in REPLACED:
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


WAYS: tuple[Callable[[Clean, random.Random], Iterator[Edit]], ...] = (
    _swaps_place,
    _insertions,
    _issuer_lines,
    _years,
    _former_bodies,
    _replaced,
    _documents,
    _figures,
)
