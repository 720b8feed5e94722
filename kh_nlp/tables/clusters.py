"""Clusters of tasks as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kh_nlp.wording import ORIGINS

if TYPE_CHECKING:
    from kh_nlp.clusters import Clusters, Count

from kh_nlp.tables.files import Table


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
