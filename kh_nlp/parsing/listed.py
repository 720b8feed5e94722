"""Tasks listed in prose: "Nội dung … Đơn vị chủ trì: … Thời gian: … Kết quả: …"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kh_nlp.language import fold
from kh_nlp.model import Section, Span, Task
from kh_nlp.parsing.bodies import STARTS_BODY, lead_and_partners, split_bodies
from kh_nlp.parsing.dates import due_period
from kh_nlp.parsing.labels import read_labels
from kh_nlp.reading.columns import Meaning, meaning
from kh_nlp.repairing import join_split_glyphs

_FIELD = re.compile(
    r"((?:Cơ quan|Đơn vị|Thời gian|Thời hạn|Tiến độ|Kết quả|Sản phẩm|Hình thức|Kinh phí"
    r"|Địa điểm|Phối hợp|Chủ trì|Người|Bộ phận|Nguồn|Nội dung|Đối tượng|Phương thức|Trách nhiệm"
    r"|Cách thức|Dự kiến)"
    r"[^:.;\n]{0,45}):\s*"
)
_BEFORE_FIELD = re.compile(r"(?:^|[.;\n])(?:\s*[-–+•*]){0,2}\s*$")
_BULLETS = 12  # characters that bullets and blanks before a field may take


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
    taken = {task.section: (task.start, task.end) for task in tasks}
    for index in range(len(sections) - 1, -1, -1):
        holder = sections[index]  # inner chapters first: an outer one must not take their units
        if holder.id in taken or not holder.heading:
            continue
        units = _below(sections, index)
        task = _by_units(holder, units, taken, year, f"{plan_id}:l{len(tasks) + 1}")
        if task is not None:
            tasks.append(task)
            taken[holder.id] = (holder.start, holder.end)
    return sorted(tasks, key=lambda task: task.start)


_MAX_VALUE = 40  # words of one body or of a deadline


def _below(sections: Sequence[Section], index: int) -> Iterator[Section]:
    """The units below ``sections[index]``; they follow it in printed order."""
    end = sections[index].end
    for at in range(index + 1, len(sections)):
        if sections[at].start >= end:
            return
        yield sections[at]


def _by_units(
    holder: Section,
    units: Iterable[Section],
    taken: Mapping[str | None, Span],
    year: int | None,
    id: str,
) -> Task | None:
    """A task whose fields are units of their own: "2. Cơ quan chủ trì …", "3. Thời gian: …".

    Who and by when must both be given, else any chapter with a unit on who leads would be one.
    """
    values: dict[Meaning, str] = {}
    spans = list(holder.spans)
    titles: set[str] = set()
    for unit in units:
        title = unit.heading or _before_colon(unit)
        name = meaning(title) if title and len(title.split()) <= 8 else None
        if name in ("lead", "partners", "deadline", "output", "form"):
            if any(start <= unit.start and unit.end <= end for start, end in taken.values()):
                continue
            if fold(title) in titles:
                return None  # several tasks in one chapter: their own units hold them
            titles.add(fold(title))
            value = _value(unit)
            if value and name not in values:
                values[name] = value
                spans += unit.spans
    if not {"lead", "deadline"} <= set(values) or not STARTS_BODY.match(values["lead"]):
        return None
    parts = [values["deadline"], *values["lead"].split(";")]
    if any(len(part.split()) > _MAX_VALUE for part in parts):
        return None  # sentences on the matter, no fields
    lead, partners = lead_and_partners(values["lead"])
    spans.sort()
    return Task(
        id=id,
        origin="listed",
        order=None,
        group=None,
        content=holder.heading,
        lead=split_bodies(lead),
        partners=split_bodies(values.get("partners") or partners),
        form=values.get("form"),
        output=values.get("output"),
        deadline=values["deadline"],
        due=due_period(values["deadline"], year),
        section=holder.id,
        start=spans[0][0],
        end=spans[-1][1],
        spans=tuple(spans),
        page=holder.page,
    )


def _before_colon(unit: Section) -> str:
    """Title of a run-in field ("3. Thời gian: …"), empty where no colon stands near the label."""
    head, colon, _ = unit.text[:80].partition("\n")[0].partition(":")
    return _after_label(head) if colon else ""


def _value(unit: Section) -> str:
    """Value of a unit that is a field: what stands below its heading, or after the colon."""
    first, _, rest = unit.text.partition("\n")
    if unit.heading:
        bullets = [re.sub(r"^[-–+•*]\s*|[.;]$", "", x.strip()) for x in rest.split("\n")]
        return join_split_glyphs("; ".join(filter(None, bullets)))
    return join_split_glyphs(first.partition(":")[2].strip(" .;"))


def _after_label(line: str) -> str:
    labels = read_labels(line)
    return line[labels[0].end :] if labels else line


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
    matches = [
        (place.start() + (text[place.start()] in ".;\n"), match)
        for match in _FIELD.finditer(text)
        if (place := _BEFORE_FIELD.search(text, max(0, match.start() - _BULLETS), match.start()))
    ]
    out: list[_Field] = []
    for index, (start, match) in enumerate(matches):
        name = meaning(match.group(1).strip())
        stop = matches[index + 1][0] if index + 1 < len(matches) else len(text)
        line_end = text.find("\n", match.end(), stop)
        stop = line_end if line_end >= 0 else stop
        value = re.sub(r"\s*[-–+•*]\s*$", "", text[match.end() : stop].strip()).strip(" ;.\n")
        value = join_split_glyphs(value)
        if name and any(map(str.isalpha, value)):
            out.append(_Field(name, start, stop, value, fold(match.group(1)).strip()))
    return out
