"""Answers as tables with Vietnamese heads, and tables as files: .xlsx, .csv, .parquet, .json.

Text stays text: a cell that starts with ``=``, ``+``, ``-`` or ``@`` is no formula.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kh_nlp.errors import MissingExtraError, UsageError
from kh_nlp.wording import CHANGES, COVERAGE, FIELDS, LEVELS, ORIGINS, day

if TYPE_CHECKING:
    from kh_nlp.clusters import Clusters, Count
    from kh_nlp.search import CoverReport, TaskAnswer
    from kh_nlp.summaries import (
        AspectRow,
        Comparison,
        SectionChange,
        Sentence,
        Summary,
        TaskChange,
    )
    from kh_nlp.topics import Discovery, TopicAnswer, TopicUnit

Cell = str | int | float | None

KINDS = ("xlsx", "csv", "parquet", "json")

_BY = {"year": "Năm", "province": "Tỉnh, thành phố", "level": "Cấp"}
_MOST = 32_767  # characters of a cell in Excel
_MOST_ROWS = 1_048_576
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet. ``columns`` are (head, width in characters).

    ``keys`` name the columns for programs (Parquet, JSON); without them the heads do.
    """

    name: str
    columns: tuple[tuple[str, int], ...]
    rows: tuple[tuple[Cell, ...], ...]
    keys: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Column names for programs."""
        return self.keys or tuple(head for head, _ in self.columns)


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


def cluster_tables(answer: Clusters) -> list[Table]:
    """The clusters, then every task with its cluster and its source (those alone last)."""
    inside = {task: one for one in answer.clusters for task in one.tasks}
    labels = {one.id: one.label for one in answer.clusters}
    second = {s.task: labels[s.cluster] for one in answer.clusters for s in one.second}
    order = {one.id: at for at, one in enumerate(answer.clusters)}
    units = [(inside.get(unit.task), unit) for unit in answer.units]
    units.sort(key=lambda pair: order[pair[0].id] if pair[0] else len(order))
    return [
        Table(
            name="Nhóm nhiệm vụ",
            columns=(
                ("Mã", 12), ("Nhóm", 36), ("Số nhiệm vụ", 10), ("Số kế hoạch", 10),
                ("Chép lại", 10), ("Nhiệm vụ tiêu biểu", 60), ("Chủ trì", 40),
                ("Hình thức", 30), ("Kết quả", 30), ("Thời gian", 30), ("Năm", 20),
            ),
            rows=tuple(
                (
                    one.id, one.label, len(one.tasks), one.plans, one.duplicates,
                    one.exemplar_text, _counted(one.bodies), _counted(one.forms),
                    _counted(one.products), _counted(one.deadlines), _counted(one.years),
                )
                for one in answer.clusters
            ),
        ),
        Table(
            name="Nhiệm vụ theo nhóm",
            columns=(
                ("Mã nhóm", 12), ("Nhóm", 36), ("Nhiệm vụ", 60), ("Nhóm gần thứ hai", 30),
                ("Chủ trì", 30), ("Hình thức", 20), ("Kết quả", 30), ("Thời gian", 22),
                ("Loại", 18), ("Kế hoạch", 40), ("Cơ quan ban hành", 28), ("Năm", 8),
                ("Trang", 8), ("Tệp", 40), ("Mã nhiệm vụ", 24),
            ),
            rows=tuple(
                (
                    one.id if one else None, one.label if one else "(đứng riêng)", unit.content,
                    second.get(unit.task), "; ".join(unit.lead), unit.form, unit.output,
                    unit.deadline, ORIGINS[unit.origin], unit.title, unit.issuer, unit.year,
                    unit.page, unit.path, unit.task,
                )
                for one, unit in units
            ),
        ),
    ]  # fmt: skip


def _counted(counts: Sequence[Count]) -> str:
    return "; ".join(f"{one.value} ({one.tasks})" for one in counts[:10])


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


def topic_tables(answer: TopicAnswer) -> list[Table]:
    """The units of one topic, if one was asked for, else the counts of all with an example."""
    if answer.topic is not None:
        return [
            Table(
                name="Mục, nhiệm vụ",
                columns=(("Điểm", 8), *_UNIT_COLUMNS),
                rows=tuple(
                    (f"{unit.score:.2f}".replace(".", ","), *_unit_cells(unit))
                    for unit in answer.found
                ),
            )
        ]
    return [
        Table(
            name="Chủ đề",
            columns=(
                ("Mã", 24), ("Chủ đề", 44), ("Nhóm", 14), ("Thuộc", 20), ("Số mục", 10),
                ("Số kế hoạch", 10), *_UNIT_COLUMNS,
            ),
            rows=tuple(
                (
                    one.topic, one.name, one.group, one.parent, one.units, one.plans,
                    *(_unit_cells(one.example) if one.example else ("",) * len(_UNIT_COLUMNS)),
                )
                for one in answer.counts
            ),
        )
    ]  # fmt: skip


def discovery_table(answer: Discovery) -> Table:
    """Topics beside the scheme, with an example of each."""
    return Table(
        name="Chủ đề phát hiện thêm",
        columns=(("Cụm từ tiêu biểu", 50), ("Số mục", 10), ("Số kế hoạch", 10), *_UNIT_COLUMNS),
        rows=tuple(
            ("; ".join(one.words), one.units, one.plans, *_unit_cells(one.example))
            for one in answer.topics
        ),
    )


_UNIT_COLUMNS = (
    ("Nội dung", 70), ("Mục", 12), ("Trang", 8), ("Kế hoạch", 40), ("Cơ quan ban hành", 28),
    ("Cấp", 16), ("Tỉnh, thành phố", 18), ("Năm", 8), ("Tệp", 40),
)  # fmt: skip


def _unit_cells(unit: TopicUnit) -> tuple[Cell, ...]:
    return (
        unit.text, unit.number, unit.page, unit.title, unit.issuer, LEVELS.get(unit.level or ""),
        unit.province, unit.year, unit.path,
    )  # fmt: skip


def _value(by: str, value: str | None) -> Cell:
    if value is None:
        return "Không rõ"
    return LEVELS.get(value, value) if by == "level" else value


def written(tables: Sequence[Table], kind: str) -> bytes:
    """A file of one of ``KINDS``; CSV and Parquet have no sheets and take the last table.

    Raises:
        MissingExtraError: Parquet without the packages of the extra ``research``.
        UsageError: more rows than a sheet of Excel can hold.
    """
    if kind == "xlsx":
        return _xlsx(tables)
    if kind == "parquet":
        return _parquet(tables[-1])
    return _json(tables) if kind == "json" else _csv(tables[-1])


def write(tables: Sequence[Table], path: Path, kinds: Sequence[str] = ("xlsx", "csv")) -> None:
    """Write a file of one of ``kinds``; UsageError for another ending."""
    kind = path.suffix.lower().removeprefix(".")
    if kind not in kinds:
        shown = " hoặc ".join((", ".join(f".{k}" for k in kinds[:-1]), f".{kinds[-1]}"))
        raise UsageError(f"Tệp “{path.name}” phải có đuôi {shown}.")
    path.write_bytes(written(tables, kind))


def _json(tables: Sequence[Table]) -> bytes:
    """One object: for each table its rows as objects."""
    data = {
        table.name: [dict(zip(table.names, row, strict=True)) for row in table.rows]
        for table in tables
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _parquet(table: Table) -> bytes:
    try:
        import pyarrow as imported
        from pyarrow import parquet as parquet_module
    except ImportError as error:
        raise MissingExtraError("Tệp Parquet", "research") from error
    arrow: Any = imported
    parquet: Any = parquet_module
    columns = list(zip(*table.rows, strict=True)) or [()] * len(table.columns)
    made = {
        name: arrow.array(_alike(column), type=_type(arrow, column))
        for name, column in zip(table.names, columns, strict=True)
    }
    out = io.BytesIO()
    parquet.write_table(arrow.table(made), out, compression="zstd")
    return out.getvalue()


def _type(arrow: Any, column: Sequence[Cell]) -> Any:
    """One type for a column: whole numbers, numbers, else text (also for an empty column)."""
    kinds = {type(cell) for cell in column if cell is not None}
    if kinds == {int}:
        return arrow.int64()
    return arrow.float64() if kinds and kinds <= {int, float} else arrow.string()


def _alike(column: Sequence[Cell]) -> list[Cell]:
    mixed = any(isinstance(cell, str) for cell in column)
    return [str(cell) if mixed and cell is not None else cell for cell in column]


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
            if len(table.rows) >= _MOST_ROWS:
                raise UsageError(
                    f"Bảng “{table.name}” có {len(table.rows)} dòng, quá sức một tệp Excel; hãy "
                    "ghi ra .csv hoặc .parquet."
                )
            sheet = book.add_worksheet(table.name[:31])
            for column, (head, width) in enumerate(table.columns):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, head, bold)
            for line, row in enumerate(table.rows, 1):
                for column, cell in enumerate(row):
                    if isinstance(cell, (int, float)):
                        sheet.write_number(line, column, cell, plain)
                    elif cell:
                        sheet.write_string(line, column, _text(cell), plain)
            sheet.freeze_panes(1, 0)
            if table.rows:
                sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    return out.getvalue()
