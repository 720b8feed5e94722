"""Rows of tables that assign work, as tasks. Tables of figures are no task tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kh_nlp.model import Task
from kh_nlp.parsing.bodies import lead_and_partners, split_bodies
from kh_nlp.parsing.dates import due_period
from kh_nlp.parsing.table_titles import ORDER, Table, cell_text, read_titles
from kh_nlp.reading import TextLine
from kh_nlp.reading.columns import Meaning, meaning, plain

_DECIMAL_ORDER = re.compile(r"^(\d{1,3}(?:\.\d{1,3})+)\.?$")
_GROUP_ORDER = re.compile(r"^(?:[IVXL]+|[A-ZĐ])\s*[.)]?$")
_TOTAL = re.compile(r"^(?:tong|cong|tong cong|tong so|tong kinh phi|cong (?:nhom )?[ivx]+)$")
_HELD: tuple[Meaning, ...] = ("lead", "partners", "deadline", "form", "output")
"""What one cell over several rows says of each of them."""


def find_tasks(
    text: str,
    lines: Sequence[TextLine],
    year: int | None,
    owners: Sequence[str | None],
    plan_id: str,
) -> list[Task]:
    """Tasks of all task tables in printed order; ``owners`` gives the section id of each line."""
    tasks: list[Task] = []
    for indexes in _tables(text, lines):
        table = read_titles(text, [lines[i] for i in indexes])
        if table is None:
            continue
        owner = owners[indexes[0]]
        tasks += _rows(text, table, year, owner, f"{plan_id}:t", len(tasks))
    return tasks


def _tables(text: str, lines: Sequence[TextLine]) -> list[list[int]]:
    """Line indexes of each table; one that goes on after a page break has no titles of its own."""
    found: dict[int, list[int]] = {}
    for index, line in enumerate(lines):
        if line.kind == "row":
            found.setdefault(line.table, []).append(index)
    out: list[list[int]] = []
    for indexes in found.values():
        near = bool(out) and indexes[0] - out[-1][-1] <= 2
        own = read_titles(text, [lines[i] for i in indexes]) is not None
        if near and not own and _same_width(lines, out[-1], indexes):
            out[-1] += indexes
        else:
            out.append(indexes)
    return out


def _same_width(lines: Sequence[TextLine], above: list[int], below: list[int]) -> bool:
    return len(lines[above[-1]].cells) == len(lines[below[0]].cells)


def _rows(
    text: str, table: Table, year: int | None, owner: str | None, prefix: str, made: int
) -> list[Task]:
    tasks: list[Task] = []
    group: str | None = None
    order: int | None = None
    above: list[str | None] = []
    for index, row in enumerate(table.rows):
        above = _merged(text, row, above)
        crowded = len([s for s in row.cells if cell_text(text, s)]) > 2
        if index < table.first and (index >= table.titles or crowded):
            continue  # titles; a group may be named above them
        values = _values(text, table, row)
        printed, content = values.get("order"), values.get("content")
        if _repeats_titles(text, table, row):
            continue
        if _is_total(values):
            continue
        # A row that shares its other cells with the row above is one of the tasks they are about.
        whole = _values(text, table, row, above) if row.covered else values
        shares = bool(content) and any(whole.get(m) and not values.get(m) for m in _HELD)
        if not shares and (_is_group(values, table) or _numbers_below(text, table, index, values)):
            group = content or printed or next(iter(values.values())) or group
            order = None
            continue
        if printed and (match := ORDER.match(printed)):
            order = int(match.group(1))
        elif printed and (match := _DECIMAL_ORDER.match(printed)):
            order = int(match.group(1).split(".")[-1])
        if not printed and not shares and _goes_on(values, tasks):
            tasks[-1] = _longer(tasks[-1], values, row, year)
            continue
        if content is None and not any(values.get(m) for m in ("lead", "output", "deadline")):
            continue
        values |= {m: whole[m] for m in _HELD if not values.get(m) and whole.get(m)}
        lead, partners = values.get("lead"), values.get("partners")
        if lead and not partners:
            lead, partners = lead_and_partners(lead)
        deadline = values.get("deadline")
        tasks.append(
            Task(
                id=f"{prefix}{made + len(tasks) + 1}",
                origin="table",
                order=order,
                group=group,
                content=content,
                lead=split_bodies(lead),
                partners=split_bodies(partners),
                form=values.get("form"),
                output=values.get("output"),
                deadline=deadline,
                due=due_period(deadline, year),
                section=owner,
                start=row.start,
                end=row.end,
                spans=((row.start, row.end),),
                page=row.page,
            )
        )
    return tasks


def _merged(text: str, row: TextLine, above: Sequence[str | None]) -> list[str | None]:
    """Words of the row's cells, those of the cell above where the two are merged."""
    return [
        above[at] if at in row.covered and at < len(above) else cell_text(text, span)
        for at, span in enumerate(row.cells)
    ]


def _values(
    text: str, table: Table, row: TextLine, cells: Sequence[str | None] | None = None
) -> dict[Meaning, str | None]:
    """Cells by meaning. A row with fewer cells than titles keeps its columns from the left.

    ``cells``: their words where they are not those printed in the row.
    """
    values: dict[Meaning, str | None] = {}
    columns = table.columns
    first = (cell_text(text, row.cells[0]) if row.cells else None) or ""
    numbered = any(p.match(first) for p in (ORDER, _DECIMAL_ORDER, _GROUP_ORDER))
    if columns[:1] == ["deadline"] and len(row.cells) == len(columns):
        numbered = False  # "Tuần | Nội dung | Phụ trách": the number of a week
    wider = len(row.cells) == len(columns) + 1 and not first
    if "order" not in columns and (numbered or wider):
        columns = ["order", *columns]  # the column of numbers has no title
    printed = [cell_text(text, span) for span in row.cells] if cells is None else cells
    for column, value in zip(columns, printed, strict=False):
        if column is None or value is None:
            continue
        if value in ("-", "–", "…", "..."):
            continue
        values[column] = f"{values[column]}; {value}" if values.get(column) else value
    return values


def _repeats_titles(text: str, table: Table, row: TextLine) -> bool:
    """The title row printed again at the head of the next page."""
    if row.end - row.start > 400:
        return False
    found = [meaning(c) if (c := cell_text(text, span)) else None for span in row.cells]
    same = [a for a, b in zip(found, table.columns, strict=False) if a is not None and a == b]
    if len(same) >= 3:
        return True
    filled = [c for span in row.cells if (c := cell_text(text, span))]
    short = all(len(c.split()) <= 6 and not ORDER.match(c) for c in filled)
    kinds = {meaning(c) for c in filled}  # a shorter title row below a group: "Nội dung | Chủ trì"
    return short and len(filled) > 1 and None not in kinds and "content" in kinds


def _is_group(values: dict[Meaning, str | None], table: Table) -> bool:
    """A row that only names a group: a Roman or capital label, or nothing beside one cell."""
    printed = values.get("order")
    others = [m for m in values if m not in ("order", "content") and values[m]]
    alone = len(values) == 1 and len(table.columns) > 2
    if alone and others:
        return not (values[others[0]] or "")[:1].islower()
    if others:
        return False
    if printed and _GROUP_ORDER.match(printed):
        return True
    if printed and not (ORDER.match(printed) or _DECIMAL_ORDER.match(printed)):
        return True  # a merged row: its words stand in the first cell
    content = values.get("content") or ""
    if not printed:
        return bool(content) and (len(table.columns) > 2) and not content[:1].islower()
    return bool(content) and (content.isupper() or content.endswith(":"))


def _is_total(values: dict[Meaning, str | None]) -> bool:
    """A row of sums ("Tổng cộng"), which assigns nothing."""
    named = values.get("content") or values.get("order") or ""
    return bool(_TOTAL.match(plain(named))) and not values.get("lead")


def _numbers_below(text: str, table: Table, index: int, values: dict[Meaning, str | None]) -> bool:
    """A numbered row that is a title only, with the row below numbered under it: 1, then 1.1."""
    if any(value for column, value in values.items() if column not in ("order", "content")):
        return False
    printed = (values.get("order") or "").rstrip(".)")
    if not printed or index + 1 >= len(table.rows):
        return False
    below = _values(text, table, table.rows[index + 1]).get("order") or ""
    return bool(_DECIMAL_ORDER.match(below)) and below.startswith(f"{printed}.")


def _goes_on(values: dict[Meaning, str | None], tasks: list[Task]) -> bool:
    """A row without number whose content goes on with the row above (a cell cut by a page)."""
    content = values.get("content")
    if not tasks or (content and not content[:1].islower()):
        return False
    above = tasks[-1].content or ""
    return not above.rstrip().endswith((".", ";", ":"))


def _longer(task: Task, values: dict[Meaning, str | None], row: TextLine, year: int | None) -> Task:
    from dataclasses import replace

    def joined(old: str | None, new: str | None) -> str | None:
        return f"{old} {new}" if old and new else (old or new)

    deadline = joined(task.deadline, values.get("deadline"))
    return replace(
        task,
        content=joined(task.content, values.get("content")),
        lead=split_bodies(joined("; ".join(task.lead), values.get("lead"))),
        partners=split_bodies(joined("; ".join(task.partners), values.get("partners"))),
        form=joined(task.form, values.get("form")),
        output=joined(task.output, values.get("output")),
        deadline=deadline,
        due=due_period(deadline, year),
        end=row.end,
        spans=(*task.spans, (row.start, row.end)),
    )
