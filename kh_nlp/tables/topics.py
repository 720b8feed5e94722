"""Topics as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kh_nlp.wording import LEVELS

if TYPE_CHECKING:
    from kh_nlp.topics import Discovery, TopicAnswer, TopicUnit

from kh_nlp.tables.files import Cell, Table


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
