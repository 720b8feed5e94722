"""What a measure gives: a figure in 0..1 and the faults that pull it below 1."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

FIGURES: dict[str, str] = {
    "header": "Phần đầu",
    "sections": "Cây đề mục (F1)",
    "headings": "Tên đề mục",
    "tasks": "Dòng bảng nhiệm vụ (F1)",
    "task_fields": "Cột của bảng nhiệm vụ",
    "assignments": "Phân công (F1)",
    "citations": "Văn bản viện dẫn (F1)",
    "citation_issuer": "Cơ quan ban hành văn bản viện dẫn",
    "roles": "Căn cứ (F1)",
    "named": "Văn bản gọi theo tên",
    "notes": "Chú thích",
    "joins": "Câu bị ngắt được nối lại",
    "coverage": "Độ phủ",
    "words_kept": "Từ được giữ lại",
    "spans": "Vị trí đúng",
}
"""Every figure by its machine name, in the order shown, with its Vietnamese name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One difference: ``where`` names the field, label, row or document; ``None`` is "nothing"."""

    where: str
    expected: str | None
    found: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A value in 0..1 and what is wrong where it is below 1."""

    value: float
    faults: tuple[Fault, ...] = ()


def share(right: int, of: int) -> float:
    """``right / of``; 1 where nothing was asked for."""
    return right / of if of else 1.0


def f1(hits: int, found: int, expected: int) -> float:
    """Harmonic mean of precision and recall: ``2 · hits / (found + expected)``.

    1 where nothing is expected and nothing found. Source: van Rijsbergen, *Information Retrieval*,
    1979, chapter 7, with equal weights (the Sørensen–Dice coefficient of the two sets).

    >>> f1(3, 4, 5)
    0.6666666666666666
    """
    return 2 * hits / (found + expected) if found + expected else 1.0


def compare_sets(found: Collection[str], expected: Collection[str]) -> Figure:
    """F1 of two sets of names; what one lacks and the other adds are the faults."""
    mine, wanted = set(found), set(expected)
    faults = [Fault(where=name, expected=name, found=None) for name in sorted(wanted - mine)]
    faults += [Fault(where=name, expected=None, found=name) for name in sorted(mine - wanted)]
    return Figure(value=f1(len(mine & wanted), len(mine), len(wanted)), faults=tuple(faults))


def of_checks(checks: Sequence[Fault | None]) -> Figure:
    """Share of checks without a fault; 1 where there are none."""
    faults = tuple(check for check in checks if check is not None)
    return Figure(value=share(len(checks) - len(faults), len(checks)), faults=faults)
