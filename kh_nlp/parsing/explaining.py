"""Why a line became a heading, a row, a note or plain text: ``kh parse --explain``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kh_nlp.model import Plan
from kh_nlp.parsing.labels import read_labels
from kh_nlp.parsing.parts import Part, find_parts
from kh_nlp.parsing.sections import Body, build
from kh_nlp.reading import Reading, TextLine

_PARTS = {"decision": "quyết định ban hành", "plan": "kế hoạch", "annex": "phụ lục"}


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one paragraph, row or note of a file was taken for, and why (Vietnamese).

    ``line`` and ``page`` are those of the file, from 1; ``start``/``end`` offsets in ``Plan.text``.
    """

    line: int
    page: int
    start: int
    end: int
    text: str
    role: str
    why: str


def explain(reading: Reading, plan: Plan) -> list[Explanation]:
    """One explanation for every line of the reading that ``plan`` was parsed from, in order."""
    text, lines = reading.text, reading.lines
    parts = find_parts(text, lines)
    body = build(text, lines, parts)
    rows = {task.start: task.order for task in plan.tasks if task.origin == "table"}
    numbers = {section.id: section.number for section in plan.sections}
    notes = {note.start: numbers.get(note.section or "") for note in plan.notes}
    found: list[Explanation] = []
    for index, line in enumerate(lines):
        words = text[line.start : line.end]
        if line.kind == "row":
            role, why = _row(line, rows)
        elif line.kind == "note":
            place = notes.get(line.start)
            role = "chú thích"
            why = (
                f"mở đầu bằng dấu chú thích; dấu đặt ở mục {place}"
                if place
                else ("mở đầu bằng dấu chú thích; chưa thấy dấu trong mục nào")
            )
        elif line.kind == "stray":
            role, why = "dòng rời", "ba số của dấu ký số: số, ngày, tháng"
        else:
            role, why = _text(index, words, line, parts, body)
        position = plan.locate(line.start)
        found.append(
            Explanation(position.line, position.page, line.start, line.end, words, role, why)
        )
    return found


def _row(line: TextLine, rows: dict[int, int | None]) -> tuple[str, str]:
    if line.start in rows:
        order = rows[line.start]
        return "hàng nhiệm vụ", f"bảng có cột giao việc; số thứ tự {order if order else 'để trống'}"
    return "hàng bảng", f"bảng {line.table}: tiêu đề, nhóm, hàng nối tiếp hoặc bảng số liệu"


def _text(
    index: int, words: str, line: TextLine, parts: Sequence[Part], body: Body
) -> tuple[str, str]:
    node = body.units.get(index)
    if node is not None and node.unit is not None:
        if node.heading:
            return (
                f"đề mục {node.number}",
                f"{node.unit.why}; sau nhãn là tên mục: “{node.heading}”",
            )
        return f"mục {node.number}", f"{node.unit.why}; nội dung viết liền sau nhãn, không phải tên"
    owner = body.owner.get(index)
    if owner is not None and owner.heading and owner.unit is None and index < owner.part.body:
        return "tên phụ lục", "đứng sau phần ký hoặc mở đầu bằng “Phụ lục”, “Biểu”"
    if owner is not None:
        why = f"thuộc mục {owner.number or owner.heading or 'phụ lục'}"
        if line.continues:
            why += "; câu nối tiếp qua chú thích"
        if read_labels(words):
            why += "; có nhãn nhưng không khớp dãy đánh số đang mở"
        return "nội dung", why
    part = next(part for part in parts if part.start <= index < part.end)
    name = _PARTS[part.kind]
    if index < part.body:
        return "phần đầu", f"trước nội dung của {name}: cơ quan, số, ngày, tên"
    if index >= part.closing:
        return "phần kết", f"nơi nhận, chữ ký hoặc lời kết của {name}"
    return "mở đầu", f"căn cứ và lời dẫn của {name}, trước mục đầu tiên"
