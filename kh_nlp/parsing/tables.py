"""Rows of tables that assign work, as tasks. Tables of figures are no task tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kh_nlp.model import Span, Task
from kh_nlp.parsing.bodies import lead_and_partners, split_bodies
from kh_nlp.parsing.dates import due_period
from kh_nlp.reading import TextLine
from kh_nlp.reading.columns import Meaning, meaning
from kh_nlp.repairing import join_split_glyphs

_ORDER = re.compile(r"^(\d{1,3})\s*[.)]?$")
_DECIMAL_ORDER = re.compile(r"^(\d{1,3}(?:\.\d{1,3})+)\.?$")
_GROUP_ORDER = re.compile(r"^(?:[IVXL]+|[A-ZĐ])\s*[.)]?$")
_HELD: tuple[Meaning, ...] = ("lead", "partners", "deadline", "form", "output")
"""What one cell over several rows says of each of them."""

_INDEX_ROW = re.compile(r"^\(?(?:\d{1,2}|[A-Z])\)?$")


@dataclass(slots=True)
class Table:
    """Rows of one table with what its columns mean; ``None`` for a column without a meaning."""

    rows: list[TextLine] = field(default_factory=list)
    columns: list[Meaning | None] = field(default_factory=list)
    titles: int = 0  # row of the titles; a group may be named above it
    first: int = 0  # first row below the titles


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
        table = _read_titles(text, [lines[i] for i in indexes])
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
        own = _read_titles(text, [lines[i] for i in indexes]) is not None
        if near and not own and _same_width(lines, out[-1], indexes):
            out[-1] += indexes
        else:
            out.append(indexes)
    return out


def _same_width(lines: Sequence[TextLine], above: list[int], below: list[int]) -> bool:
    return len(lines[above[-1]].cells) == len(lines[below[0]].cells)


def _cell(text: str, span: Span) -> str | None:
    return join_split_glyphs(text[span[0] : span[1]].strip()) or None


def _read_titles(text: str, rows: list[TextLine]) -> Table | None:
    """The table with its columns, ``None`` for a table that assigns no work."""
    for first in range(min(len(rows), 5)):
        columns, below = _with_lower_titles(text, rows, first)
        known = set(columns)
        if "content" not in known and "lead" in known and len(columns) > 2:
            # a title of its own: "Tiêu chí", or targets given to bodies: "Chỉ tiêu | Chủ trì"
            at = columns.index("target") if "target" in known else 1
            if columns[at] in (None, "target"):
                columns[at], known = "content", known | {"content"}
        assigns = "lead" in known or (
            "deadline" in known and bool(known & {"partners", "output", "form"})
        )
        figures = "unit" in known and not known & {"partners", "deadline"}
        if "content" in known and assigns and not figures:
            start = first + below
            while start < len(rows) and _is_index_row(text, rows[start]):
                start += 1
            return Table(rows, columns, first, start)
    return None


def _with_lower_titles(
    text: str, rows: list[TextLine], first: int
) -> tuple[list[Meaning | None], int]:
    """Columns of a title row and how many rows of titles there are: one, or two.

    A title over several columns ("Cơ quan thực hiện") has those of its columns in the row below
    ("Chủ trì", "Phối hợp"), which stand at their place or, where the row lost its empty cells,
    alone: then they share the column of the one title that the rows of work have too few of.
    """
    titles = [_cell(text, span) for span in rows[first].cells]
    columns = [meaning(title) if title else None for title in titles]
    if first + 2 >= len(rows):
        return columns, 1
    lower = [_cell(text, span) for span in rows[first + 1].cells]
    printed = [title for title in lower if title]
    if len(printed) < 2 or any(len(title.split()) > 6 for title in printed):
        return columns, 1
    named = [meaning(title) if title else None for title in lower]
    if len(lower) == len(columns):
        if not _below_titles(titles, columns, lower):
            return columns, 1
        spread: list[Meaning | None] = []
        for above, title, own in zip(columns, titles, named, strict=True):
            covered = spread[-1] if spread and title is None else None
            spread.append(own or above or covered)
        return spread, 2
    shared = [own for own in named if own]
    at = columns.index("lead") if "lead" in columns else -1
    wanted = len(columns) + len(shared) - 1
    if (
        at >= 0
        and len(shared) == len(printed)
        and set(shared) == {"lead", "partners"}
        and len(rows[first + 2].cells) == wanted
    ):
        return [*columns[:at], *shared, *columns[at + 1 :]], 2
    return columns, 1


def _below_titles(
    titles: Sequence[str | None], columns: Sequence[Meaning | None], lower: Sequence[str | None]
) -> bool:
    """Whether a row below the titles, as wide as they, holds titles too and no work.

    Below the titles of number and content it is empty or says the same, as merged cells do.
    """
    plain = [i for i, column in enumerate(columns) if column in ("order", "content")]
    open_ends = any(title is None for title in titles)
    return (
        bool(plain)
        and open_ends
        and all(lower[i] is None or lower[i] == titles[i] for i in plain)
        and not any(title and _ORDER.match(title) for title in lower)
    )


def _is_index_row(text: str, row: TextLine) -> bool:
    """A row "1 | 2 | 3" or "A | B | 1" that only numbers the columns."""
    cells = [_cell(text, span) for span in row.cells]
    filled = [cell for cell in cells if cell]
    return len(filled) > 2 and all(_INDEX_ROW.match(cell) for cell in filled)


def _rows(
    text: str, table: Table, year: int | None, owner: str | None, prefix: str, made: int
) -> list[Task]:
    tasks: list[Task] = []
    group: str | None = None
    order: int | None = None
    above: list[str | None] = []
    for index, row in enumerate(table.rows):
        above = _merged(text, row, above)
        crowded = len([s for s in row.cells if _cell(text, s)]) > 2
        if index < table.first and (index >= table.titles or crowded):
            continue  # titles; a group may be named above them
        values = _values(text, table, row)
        printed, content = values.get("order"), values.get("content")
        if _repeats_titles(text, table, row):
            continue
        if _is_group(values, table):
            group = content or printed or next(iter(values.values())) or group
            order = None
            continue
        if printed and (match := _ORDER.match(printed)):
            order = int(match.group(1))
        elif printed and (match := _DECIMAL_ORDER.match(printed)):
            order = int(match.group(1).split(".")[-1])
        if not printed and _goes_on(values, tasks):
            tasks[-1] = _longer(tasks[-1], values, row, year)
            continue
        if content is None and not any(values.get(m) for m in ("lead", "output", "deadline")):
            continue
        whole = _values(text, table, row, above)
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
        above[at] if at in row.covered and at < len(above) else _cell(text, span)
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
    first = (_cell(text, row.cells[0]) if row.cells else None) or ""
    numbered = any(p.match(first) for p in (_ORDER, _DECIMAL_ORDER, _GROUP_ORDER))
    wider = len(row.cells) == len(columns) + 1 and not first
    if "order" not in columns and (numbered or wider):
        columns = ["order", *columns]  # the column of numbers has no title
    printed = [_cell(text, span) for span in row.cells] if cells is None else cells
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
    found = [meaning(c) if (c := _cell(text, span)) else None for span in row.cells]
    same = [a for a, b in zip(found, table.columns, strict=False) if a is not None and a == b]
    if len(same) >= 3:
        return True
    filled = [c for span in row.cells if (c := _cell(text, span))]
    short = all(len(c.split()) <= 6 and not _ORDER.match(c) for c in filled)
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
    if printed and not (_ORDER.match(printed) or _DECIMAL_ORDER.match(printed)):
        return True  # a merged row: its words stand in the first cell
    content = values.get("content") or ""
    if not printed:
        return bool(content) and (len(table.columns) > 2) and not content[:1].islower()
    return bool(content) and (content.isupper() or content.endswith(":"))


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
