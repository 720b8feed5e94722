"""Duties given to bodies under "Tổ chức thực hiện", and tasks listed in prose."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kh_nlp.language import fold
from kh_nlp.model import Section, Task
from kh_nlp.parsing.bodies import lead_and_partners, responsible, split_bodies
from kh_nlp.parsing.dates import due_period
from kh_nlp.reading.columns import Meaning, meaning

_ORGANISES = re.compile(
    r"\bto chuc(?: trien khai)? thuc hien|\bto chuc trien khai|\bphan cong|\btrach nhiem"
    r"|\bnhiem vu cua cac|\bgiao nhiem vu"
)
_FIELD = re.compile(
    r"(?:^|(?<=[.;\n])\s*|^[-–+•*]\s*)[-–+•*]?\s*((?:Cơ quan|Đơn vị|Thời gian|Thời hạn|Tiến độ"
    r"|Kết quả|Sản phẩm|Hình thức|Kinh phí"
    r"|Địa điểm|Phối hợp|Chủ trì|Người|Bộ phận|Nguồn|Nội dung|Đối tượng|Phương thức|Trách nhiệm"
    r"|Cách thức|Dự kiến)"
    r"[^:.;\n]{0,45}):\s*",
    re.MULTILINE,
)
_ITEM_FIELDS: tuple[Meaning, ...] = ("lead", "partners", "deadline", "output")


def find_duties(sections: Sequence[Section], year: int | None, plan_id: str) -> list[Task]:
    """One assignment for each unit under an organising section that names who is responsible."""
    children: dict[str | None, list[Section]] = {}
    for section in sections:
        children.setdefault(section.parent, []).append(section)
    tasks: list[Task] = []

    def walk(holder: Section, depth: int) -> None:
        for unit in children.get(holder.id, []):
            name = _named(unit)
            if name is None:
                if depth < 2:
                    walk(unit, depth + 1)
                continue
            tasks.append(_duty(unit, name, f"{plan_id}:d{len(tasks) + 1}"))

    for section in sections:
        if section.annex or not section.heading or not _ORGANISES.search(fold(section.heading)):
            continue
        if any(_holds(sections, section, done) for done in tasks):
            continue
        walk(section, 0)
    del year
    return tasks


def _holds(sections: Sequence[Section], section: Section, task: Task) -> bool:
    """Whether ``task`` already hangs on a unit below ``section``."""
    by_id = {s.id: s for s in sections}
    at = by_id.get(task.section or "")
    while at is not None:
        if at.id == section.id:
            return True
        at = by_id.get(at.parent or "")
    return False


def _named(unit: Section) -> str | None:
    if unit.heading:
        return responsible(unit.heading, heading=True)
    first = unit.text.split("\n", 1)[0]
    rest = re.sub(r"^\(?[\wđ.]{1,8}[.)]\s*", "", first, count=1)
    return responsible(rest, heading=False)


def _duty(unit: Section, name: str, id: str) -> Task:
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
        section=unit.id,
        start=unit.spans[0][0],
        end=unit.spans[-1][1],
        spans=unit.spans,
        page=unit.page,
    )


def find_listed(sections: Sequence[Section], year: int | None, plan_id: str) -> list[Task]:
    """Units of prose in the form "Nội dung … Đơn vị chủ trì: … Thời gian: …"."""
    tasks: list[Task] = []
    for unit in sections:
        fields = _fields(unit.text)
        found = {name for name, _, _ in fields}
        if not ("lead" in found and found & {"partners", "deadline", "output"}) and not (
            "deadline" in found and found & {"partners", "output"}
        ):
            continue
        content = unit.heading or _content(unit, fields)
        values = _first_values(fields)
        lead, partners = lead_and_partners(values.get("lead"))
        deadline = values.get("deadline")
        tasks.append(
            Task(
                id=f"{plan_id}:l{len(tasks) + 1}",
                origin="listed",
                order=None,
                group=None,
                content=content,
                lead=split_bodies(lead),
                partners=split_bodies(values.get("partners") or partners),
                form=values.get("form"),
                output=values.get("output"),
                deadline=deadline,
                due=due_period(deadline, year),
                section=unit.id,
                start=unit.spans[0][0],
                end=unit.spans[-1][1],
                spans=unit.spans,
                page=unit.page,
            )
        )
    return tasks


def _fields(text: str) -> list[tuple[Meaning, int, str]]:
    """Fields of a unit: meaning, where its title begins, value up to the next field."""
    matches = list(_FIELD.finditer(text))
    out: list[tuple[Meaning, int, str]] = []
    for index, match in enumerate(matches):
        name = meaning(match.group(1).strip())
        stop = matches[index + 1].start() if index + 1 < len(matches) else len(text)
        value = text[match.end() : stop]
        if index + 1 == len(matches):
            value = value.split("\n", 1)[0]
        value = re.sub(r"\s*[-–+•*]\s*$", "", value.strip()).strip(" ;.\n")
        if name and value:
            out.append((name, match.start(), value))
    return out


def _first_values(fields: list[tuple[Meaning, int, str]]) -> dict[Meaning, str]:
    values: dict[Meaning, str] = {}
    for name, _, value in fields:
        values.setdefault(name, value)
    return values


def _content(unit: Section, fields: list[tuple[Meaning, int, str]]) -> str | None:
    start = min(at for _, at, _ in fields)
    text = re.sub(r"^\(?[\wđ.]{1,8}[.)]\s*", "", unit.text[:start], count=1)
    return text.strip(" -–+\n;:") or _first_values(fields).get("content")
