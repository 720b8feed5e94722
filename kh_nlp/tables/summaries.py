"""Summaries and comparisons as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kh_nlp.wording import CHANGES, FIELDS

if TYPE_CHECKING:
    from kh_nlp.summaries import (
        AspectRow,
        Comparison,
        SectionChange,
        Sentence,
        Summary,
        TaskChange,
    )

from kh_nlp.tables.files import Cell, Table


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
