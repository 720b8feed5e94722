"""What an answer cannot tell, in Vietnamese sentences that state the number and the rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from kh_nlp.trends.records import Dimension, Group, Measure
from kh_nlp.trends.testing import smallest_p

FEW = 5
"""Effective plans below which a group's share is no more than a hint: with 4 plans of 4 the
interval still reaches down to 54 %."""

_LISTED = 6


def warnings(
    groups: Sequence[Group],
    by: Sequence[Dimension],
    undated: Sequence[str],
    score: NDArray[np.float64] | None,
    tested: int,
    level: float,
    measure: Measure,
    compared: bool,
    level_name: Callable[[str], str] = str,
) -> tuple[str, ...]:
    """All sentences about an answer, the gravest first."""
    found: list[str] = []
    if not groups:
        return ("Không có kế hoạch nào để đếm.",)
    if score is not None:
        found += too_few(score, level, tested, presence=measure == "plans")
    elif "year" in by and not compared:
        found.append("Các kế hoạch chỉ thuộc một năm nên không xét được thay đổi theo năm.")
    if few := [group for group in groups if group.few]:
        listed = "; ".join(
            f"{group_name(group, level_name)}: {_amount(group.effective)}"
            for group in few[:_LISTED]
        )
        more = f"; và {len(few) - _LISTED} nhóm khác" if len(few) > _LISTED else ""
        found.append(
            f"{len(few)}/{len(groups)} nhóm có dưới {FEW} kế hoạch tính tương đương "
            f"({listed}{more}): tỷ lệ ở đó chỉ để tham khảo, xem khoảng tin cậy."
        )
    if undated:
        found.append(
            f"{len(undated)} kế hoạch không ghi thời kỳ hay năm nên để riêng, không tính vào năm "
            "nào."
        )
    return tuple(found)


def too_few(
    score: NDArray[np.float64], level: float, tested: int, *, presence: bool
) -> tuple[str, ...]:
    """A sentence where no label could pass the test, however clear-cut."""
    least = smallest_p(score, presence=presence)
    if least > level:
        return (
            f"Quá ít kế hoạch để kết luận: với {len(score)} kế hoạch, p nhỏ nhất có thể là "
            f"{shown(least)}, lớn hơn mức {shown(level)}.",
        )
    if tested and least * tested > level:
        return (
            f"Ít kế hoạch so với số mục được xét: với {len(score)} kế hoạch, p nhỏ nhất có thể là "
            f"{shown(least)}; sau hiệu chỉnh cho {tested} mục, một thay đổi đơn lẻ không vượt được "
            f"mức {shown(level)}.",
        )
    return ()


def group_name(group: Group, level_name: Callable[[str], str] = str) -> str:
    """``2024, Cấp xã, Lào Cai``; unknown parts are left out."""
    parts = [group.year, level_name(group.level) if group.level else None, group.province]
    return ", ".join(str(part) for part in parts if part is not None) or "không rõ"


def _amount(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")


def shown(value: float) -> str:
    """A probability with a decimal comma: ``0,05``, ``0,0002``, ``< 0,0001``."""
    if value < 1e-4:
        return "< 0,0001"
    return f"{value:.2g}".replace(".", ",")
