"""Duties given to bodies under "Tổ chức thực hiện", and tasks listed in prose."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kh_nlp.language import fold, letters
from kh_nlp.model import Section, Task
from kh_nlp.parsing.bodies import STARTS_BODY, VERB, lead_and_partners, responsible, split_bodies
from kh_nlp.parsing.dates import due_period
from kh_nlp.parsing.labels import read_labels
from kh_nlp.reading.columns import Meaning, meaning
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
_FIELD = re.compile(
    r"(?:^|(?<=[.;\n])\s*|^[-–+•*]\s*)[-–+•*]?\s*((?:Cơ quan|Đơn vị|Thời gian|Thời hạn|Tiến độ"
    r"|Kết quả|Sản phẩm|Hình thức|Kinh phí"
    r"|Địa điểm|Phối hợp|Chủ trì|Người|Bộ phận|Nguồn|Nội dung|Đối tượng|Phương thức|Trách nhiệm"
    r"|Cách thức|Dự kiến)"
    r"[^:.;\n]{0,45}):\s*",
    re.MULTILINE,
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


def find_listed(sections: Sequence[Section], year: int | None, plan_id: str) -> list[Task]:
    """Tasks of prose in the form "Nội dung … Đơn vị chủ trì: … Thời gian: …".

    A unit may hold several: a new one begins where a field comes again.
    """
    tasks: list[Task] = []
    for unit in sections:
        fields = _fields(unit.text)
        sets = _sets(fields)
        for index, one in enumerate(sets):
            values = {field.meaning: field.value for field in reversed(one)}
            if not _assigns(values):
                continue
            begin = sets[index - 1][-1].end if index else 0
            tasks.append(
                _listed(
                    unit, one, values, begin, len(sets) == 1, year, f"{plan_id}:l{len(tasks) + 1}"
                )
            )
    return tasks


@dataclass(frozen=True, slots=True)
class _Field:
    """A field line of prose: offsets within the unit's text."""

    meaning: Meaning
    start: int
    end: int
    value: str
    title: str


def _sets(fields: Sequence[_Field]) -> list[list[_Field]]:
    """Fields in runs in which none is given twice (a unit's own "Nội dung" begins a run)."""
    sets: list[list[_Field]] = []
    for field in fields:
        open_set = sets[-1] if sets else []
        again = any(f.title == field.title for f in open_set) or (
            any(f.meaning == field.meaning for f in open_set)
            and field.start - open_set[-1].end > 40  # a text of its own stands between
        )
        if not sets or again or (field.meaning == "content" and open_set):
            sets.append([])
        sets[-1].append(field)
    return sets


def _assigns(values: Mapping[Meaning, str]) -> bool:
    """Who, and at least one of with whom, by when, what comes of it, or an explicit content."""
    others = {"partners", "deadline", "output", "content"} & set(values)
    if "lead" in values:
        return bool(others) and bool(STARTS_BODY.match(values["lead"].lstrip("-+ ")))
    return "deadline" in values and bool(others & {"partners", "output"})


def _listed(
    unit: Section,
    fields: Sequence[_Field],
    values: Mapping[Meaning, str],
    begin: int,
    alone: bool,
    year: int | None,
    id: str,
) -> Task:
    before = unit.text[begin : fields[0].start]
    before = _after_label(before) if begin == 0 else before
    content = values.get("content") or before.strip(" -–+*\n;:.")
    if alone and unit.heading:
        content = unit.heading if not values.get("content") else content
    lead, partners = lead_and_partners(values.get("lead"))
    deadline = values.get("deadline")
    spans = unit.spans
    if not alone and len(unit.spans) == 1:
        start = unit.spans[0][0]
        spans = ((start + begin, start + fields[-1].end),)
    return Task(
        id=id,
        origin="listed",
        order=None,
        group=unit.heading if not alone else None,
        content=content or unit.heading,
        lead=split_bodies(lead),
        partners=split_bodies(values.get("partners") or partners),
        form=values.get("form"),
        output=values.get("output"),
        deadline=deadline,
        due=due_period(deadline, year),
        section=unit.id,
        start=spans[0][0],
        end=spans[-1][1],
        spans=spans,
        page=unit.page,
    )


def _fields(text: str) -> list[_Field]:
    """Fields of a unit with their values up to the next field or the end of the paragraph."""
    matches = list(_FIELD.finditer(text))
    out: list[_Field] = []
    for index, match in enumerate(matches):
        name = meaning(match.group(1).strip())
        stop = matches[index + 1].start() if index + 1 < len(matches) else len(text)
        line_end = text.find("\n", match.end(), stop)
        stop = line_end if line_end >= 0 else stop
        value = re.sub(r"\s*[-–+•*]\s*$", "", text[match.end() : stop].strip()).strip(" ;.\n")
        value = join_split_glyphs(value)
        if name and value:
            out.append(_Field(name, match.start(), stop, value, fold(match.group(1)).strip()))
    return out
