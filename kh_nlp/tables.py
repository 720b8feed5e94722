"""Answers as tables with Vietnamese heads, and tables as files for Excel: .xlsx and .csv.

Text stays text: a cell that starts with ``=``, ``+``, ``-`` or ``@`` is no formula.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kh_nlp.errors import UsageError
from kh_nlp.wording import CHANGES, COVERAGE, FIELDS, LEVELS, ORIGINS, day

if TYPE_CHECKING:
    from kh_nlp.search import CoverReport, TaskAnswer
    from kh_nlp.summaries import (
        AspectRow,
        Comparison,
        SectionChange,
        Sentence,
        Summary,
        TaskChange,
    )

Cell = str | int | None

_BY = {"year": "Năm", "province": "Tỉnh, thành phố", "level": "Cấp"}
_MOST = 32_767  # characters of a cell in Excel
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet. ``columns`` are (head, width in characters)."""

    name: str
    columns: tuple[tuple[str, int], ...]
    rows: tuple[tuple[Cell, ...], ...]


def task_table(answer: TaskAnswer) -> Table:
    """Tasks with bodies, time and source."""
    return Table(
        name="Nhiệm vụ",
        columns=(
            ("Hạn từ", 12), ("Hạn đến", 12), ("Thời gian (nguyên văn)", 22), ("Nhiệm vụ", 60),
            ("Chủ trì", 30), ("Phối hợp", 30), ("Kết quả", 30), ("Nhóm", 24), ("Loại", 18),
            ("Kế hoạch", 40), ("Cơ quan ban hành", 28), ("Cấp", 16), ("Tỉnh, thành phố", 18),
            ("Năm", 8), ("Mục", 12), ("Trang", 8), ("Tệp", 40),
        ),
        rows=tuple(
            (
                day(row.due.start) if row.due else None, day(row.due.end) if row.due else None,
                row.deadline, row.content, "; ".join(row.lead), "; ".join(row.partners),
                row.output, row.group, ORIGINS[row.origin], row.title, row.issuer,
                LEVELS.get(row.level or ""), row.province, row.year, row.number, row.page,
                row.path,
            )
            for row in answer.tasks
        ),
    )  # fmt: skip


def coverage_tables(report: CoverReport) -> list[Table]:
    """The counts (where the report has groups), then every plan with its evidence."""
    tables = [group_table(report)] if report.by else []
    tables.append(
        Table(
            name="Kế hoạch",
            columns=(
                ("Kế hoạch", 50), ("Đề cập", 22), ("Số chỗ viện dẫn", 10), ("Số chỗ nêu tên", 10),
                ("Số chỗ liên quan", 10), ("Bằng chứng đầu tiên", 60), ("Mục", 12), ("Trang", 8),
                ("Cơ quan ban hành", 28), ("Năm", 8), ("Tỉnh, thành phố", 18), ("Cấp", 16),
                ("Tệp", 40),
            ),
            rows=tuple(
                (
                    row.title, COVERAGE[row.coverage], row.cites, row.names, row.treats, row.text,
                    row.number, row.page, row.issuer, row.year, row.province,
                    LEVELS.get(row.level or ""), row.path,
                )
                for row in report.rows
            ),
        )
    )  # fmt: skip
    return tables


def group_table(report: CoverReport) -> Table:
    """How many plans of each year, province or level cover it, and how."""
    by = report.by or "year"
    heads = ("cites", "names", "treats", "none")
    return Table(
        name=f"Theo {_BY[by].lower()}",
        columns=(
            (_BY[by], 22),
            ("Số kế hoạch", 14),
            *((COVERAGE[head].capitalize(), 16) for head in heads),
        ),
        rows=tuple(
            (
                _value(by, group.value),
                group.plans,
                *(int(getattr(group, head)) for head in heads),
            )
            for group in report.groups
        ),
    )


def summary_table(summary: Summary) -> Table:
    """The sentences of a summary with their sources."""
    from kh_nlp.summaries import aspect_names

    names = aspect_names()
    return Table(
        name="Tóm tắt",
        columns=(
            ("Khía cạnh", 16), ("Câu", 90), ("Kế hoạch", 40), ("Mã", 18), ("Mục", 12),
            ("Trang", 8), ("Từ ký tự", 10), ("Đến ký tự", 10),
        ),
        rows=tuple(
            (
                names.get(one.aspect or ""), one.text, one.title, one.plan, one.number, one.page,
                one.start, one.end,
            )
            for one in summary.sentences
        ),
    )  # fmt: skip


def aspect_sheet(rows: Sequence[AspectRow]) -> Table:
    """A plan a row, an aspect a column."""
    from kh_nlp.summaries import aspect_names

    names = aspect_names()
    return Table(
        name="Kế hoạch theo khía cạnh",
        columns=(
            ("Kế hoạch", 40), ("Cơ quan ban hành", 28), ("Năm", 8),
            *((name, 60) for name in names.values()),
        ),
        rows=tuple(
            (
                row.title, row.issuer, row.year,
                *("\n".join(_sourced(one) for one in row.cells[aspect]) for aspect in names),
            )
            for row in rows
        ),
    )  # fmt: skip


def _sourced(one: Sentence) -> str:
    place = f"mục {one.number}" if one.number else "phần mở đầu"
    return f"{one.text} [{place}, trang {one.page}]"


def comparison_tables(found: Comparison) -> list[Table]:
    """What two plans say otherwise: sections, tasks, documents; CSV holds the sections."""
    columns = (
        ("Thay đổi", 18), ("Mục ở A", 12), ("Trang", 8), ("Văn bản A", 70), ("Mục ở B", 12),
        ("Trang", 8), ("Văn bản B", 70), ("Chỗ khác", 60),
    )  # fmt: skip

    def row(change: SectionChange | TaskChange, said: str) -> tuple[Cell, ...]:
        sides = (change.a, change.b)
        cells = [(s.number, s.page, s.text) if s else (None, None, None) for s in sides]
        return (CHANGES[change.change], *cells[0], *cells[1], said)

    sections = [
        row(s, "\n".join(f"− {p.old or ''}\n+ {p.new or ''}" for p in s.pieces))
        for s in found.sections
    ]
    tasks = [
        row(t, "\n".join(f"{FIELDS[f.field]}: {f.a or ''} → {f.b or ''}" for f in t.fields))
        for t in found.tasks
    ]
    documents = [(CHANGES[d.change], d.text, d.key) for d in found.documents]
    return [
        Table(name="Nhiệm vụ", columns=columns, rows=tuple(tasks)),
        Table(
            name="Văn bản viện dẫn",
            columns=(("Thay đổi", 18), ("Văn bản", 70), ("Khóa", 40)),
            rows=tuple(documents),
        ),
        Table(name="Mục", columns=columns, rows=tuple(sections)),
    ]


def _value(by: str, value: str | None) -> Cell:
    if value is None:
        return "Không rõ"
    return LEVELS.get(value, value) if by == "level" else value


def written(tables: Sequence[Table], kind: str) -> bytes:
    """A file of ``kind`` ("xlsx" or "csv"); CSV has no sheets and takes the last table."""
    return _xlsx(tables) if kind == "xlsx" else _csv(tables[-1])


def write(tables: Sequence[Table], path: Path) -> None:
    """Write a .xlsx or .csv file; UsageError for another ending."""
    kind = path.suffix.lower().removeprefix(".")
    if kind not in ("xlsx", "csv"):
        raise UsageError(f"Tệp “{path.name}” phải có đuôi .xlsx hoặc .csv.")
    path.write_bytes(written(tables, kind))


def _text(cell: Cell) -> str:
    return _UNPRINTABLE.sub(" ", "" if cell is None else str(cell))[:_MOST]


def _csv(table: Table) -> bytes:
    """UTF-8 with the mark that Excel needs to read it as such."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([head for head, _ in table.columns])
    for row in table.rows:
        cells = map(_text, row)
        # Excel reads a leading apostrophe as "what follows is text".
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _xlsx(tables: Sequence[Table]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        for table in tables:
            sheet = book.add_worksheet(table.name[:31])
            for column, (head, width) in enumerate(table.columns):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, head, bold)
            for line, row in enumerate(table.rows, 1):
                for column, cell in enumerate(row):
                    if isinstance(cell, int):
                        sheet.write_number(line, column, cell, plain)
                    elif cell:
                        sheet.write_string(line, column, _text(cell), plain)
            sheet.freeze_panes(1, 0)
            if table.rows:
                sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    return out.getvalue()
