"""Tasks and coverage as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kh_nlp.wording import COVERAGE, LEVELS, ORIGINS, day

if TYPE_CHECKING:
    from kh_nlp.search import CoverReport, TaskAnswer

from kh_nlp.tables.files import Cell, Table

_BY = {"year": "Năm", "province": "Tỉnh, thành phố", "level": "Cấp"}


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


def _value(by: str, value: str | None) -> Cell:
    if value is None:
        return "Không rõ"
    return LEVELS.get(value, value) if by == "level" else value
