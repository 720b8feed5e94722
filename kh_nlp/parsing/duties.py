"""Duties given to bodies under "Tổ chức thực hiện", and tasks listed in prose."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kh_nlp.language import fold, letters
from kh_nlp.model import Section, Task
from kh_nlp.parsing.bodies import VERB, responsible, split_bodies
from kh_nlp.parsing.dates import due_period
from kh_nlp.parsing.labels import read_labels
from kh_nlp.repairing import join_split_glyphs

_ORGANISES = re.compile(
    r"^(?:cong tac )?to chuc (?:trien khai|thuc hien)|\bto chuc (?:trien khai )?thuc hien$"
    r"|\bphan cong|\btrach nhiem|\bnhiem vu cua (?:cac|thanh vien)|\bgiao nhiem vu"
)
_MAX_ORGANISING = 14  # words: a longer heading names a task, not the chapter of duties
_STRONG = re.compile(
    r"^(?:(?:Đề nghị|Giao|Mời) )?(?:Sở|Ban|Bộ|UBND|Ủy ban|Uỷ ban|Phòng (?!chống|ngừa)|Trung tâm"
    r"|Công an"
    r"|Văn phòng|Hội|Đoàn|Liên đoàn|Chi cục|Cục|Trưởng|Phó|Chủ tịch|Giám đốc|[Cc]ác (?:sở|phòng"
    r"|cơ quan"
    r"|đơn vị|Sở))\b"
)


def find_duties(sections: Sequence[Section], year: int | None, plan_id: str) -> list[Task]:
    """One assignment for each unit under an organising section that names who is responsible."""
    children: dict[str | None, list[Section]] = {}
    for section in sections:
        children.setdefault(section.parent, []).append(section)
    tasks: list[Task] = []
    given: set[str] = set()

    def walk(holder: Section, depth: int) -> None:
        for unit in children.get(holder.id, []):
            name = _named(unit)
            if name is not None:
                if unit.id not in given:
                    given.add(unit.id)
                    tasks.append(_duty(unit, name, year, f"{plan_id}:d{len(tasks) + 1}"))
                if depth < 2 and _divides(children.get(unit.id, [])):
                    walk(unit, depth + 1)
            elif depth < 2:
                walk(unit, depth + 1)

    for section in sections:
        if not section.annex and _organises(section, children.get(section.id, [])):
            walk(section, 0)
    return tasks


def _organises(section: Section, units: Sequence[Section]) -> bool:
    """By its heading ("Tổ chức thực hiện"), or as nearly all its units are headed by bodies."""
    heading = section.heading or ""
    if len(heading.split()) <= _MAX_ORGANISING and _ORGANISES.search(fold(heading)):
        return True
    named = [u for u in units if u.heading and responsible(u.heading, heading=True)]
    plain = [u for u in named if _STRONG.match(u.heading or "") and not _has_verb(u.heading)]
    return len(plain) >= 3 and len(plain) >= 0.7 * len(units)


def _divides(units: Sequence[Section]) -> bool:
    """Whether the units below a body give its work to parts of it: "4.1. Phòng Nghiệp vụ Y: …"."""
    labelled = [u for u in units if u.heading is None and _labelled(u)]
    return len(units) > 1 and len(labelled) >= 0.7 * len(units)


def _labelled(unit: Section) -> bool:
    """A unit that begins with the name of a body and a colon."""
    name, colon, _ = _after_label(unit.text.split("\n", 1)[0]).partition(":")
    return bool(colon) and len(name.split()) <= 16 and responsible(f"{name}:", False) is not None


def _has_verb(text: str | None) -> bool:
    return bool(text and VERB.search(text))


def _named(unit: Section) -> str | None:
    if unit.heading:
        if len(unit.heading.split()) > 16 and VERB.search(unit.heading):
            # a sentence that opens a list: "UBND các xã chủ động bố trí …:"
            name = responsible(unit.heading.replace(":", ","), heading=False)
            if name:
                return name
        return responsible(unit.heading, heading=True)
    first = join_split_glyphs(unit.text.split("\n", 1)[0])
    return responsible(_after_label(first), heading=False)


def _after_label(line: str) -> str:
    labels = read_labels(line)
    return line[labels[0].end :] if labels else line


_UNTIL = re.compile(
    r"(?:(?:chậm nhất|hoàn thành|xong)\s+)?(?:trước|trong|đến hết|đến|vào)\s+"
    r"(?:ngày\s+\d{1,2}(?:\s*/\s*\d{1,2}(?:\s*/\s*\d{4})?|\s+tháng\s+\d{1,2}(?:\s+năm\s+\d{4})?"
    r"|\s+(?:hằng|hàng)\s+\w+)|quý\s+[IV1-4]+(?:\s*/\s*\d{4}|\s+năm\s+\d{4})?"
    r"|tháng\s+\d{1,2}\s*(?:/|năm)\s*\d{4})"
    r"|(?:[Đđ]ịnh kỳ\s+)?(?:hằng|hàng)\s+(?:ngày|tuần|tháng|quý|năm)|[Tt]hường xuyên"
)
_REPORTS = letters(
    r"[Bb]áo cáo(?P<between>[^.;\n]{0,110}?)\s(?:(?:về|gửi|cho|với)\s+)?"
    r"(?P<body>(?:UBND|Ủy ban|Uỷ ban|Sở|Ban|Phòng|Văn phòng|Bộ|Thường trực|Chủ tịch|Lãnh đạo"
    r"|Đảng ủy"
    r"|Huyện ủy|Tỉnh ủy|Thành ủy|HĐND|Hội đồng|Chính phủ|Thủ tướng)(?:\s[^.,;:()\n]{1,60}?)?)"
    r"(?=\s*(?:[.,;:()\n/]|$)|\s(?:theo|để|trước|xem xét|kết quả|tình hình|tổng hợp|định kỳ|hằng"
    r"|hàng"
    r"|và (?![\p{Lu}])|về|trong|biết|qua|khi|những|các|chỉ đạo|quyết định)\b)"
)


def _duty(unit: Section, name: str, year: int | None, id: str) -> Task:
    """The assignment on ``unit``: what, by when, and to whom to report, as far as printed."""
    until = _UNTIL.search(unit.text)
    reports = _REPORTS.search(unit.text)
    body = unit.text
    if unit.heading:
        _, _, after = unit.text.partition("\n")
        body = after or unit.text
    return Task(
        id=id,
        origin="assignment",
        order=None,
        group=None,
        content=body.strip() or None,
        lead=split_bodies(name),
        deadline=until.group() if until else None,
        due=due_period(until.group(), year) if until else None,
        report_to=reports.group("body").strip() if reports else None,
        section=unit.id,
        start=unit.spans[0][0],
        end=unit.spans[-1][1],
        spans=unit.spans,
        page=unit.page,
    )
