"""The outline of a body of text: which labelled lines are units, and which unit holds which.

A label is believed when it fits the numbering so far: the next of a list that is open, or the first
of a new one. Fonts play no part. Lists may lie in lists; a label may be missing, printed twice or
start again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kh_nlp.parsing.labels import RANK, Label, read_labels
from kh_nlp.reading import TextLine

_GAP = 3  # so many labels may be missing between two neighbours of one list


@dataclass(slots=True)
class Unit:
    """A labelled unit: ``line`` is the index of its first line, ``parent`` its holder."""

    label: Label
    line: int
    number: str
    parent: Unit | None
    why: str
    lines: list[int] = field(default_factory=list)
    children: list[Unit] = field(default_factory=list)


def find_outline(text: str, lines: Sequence[TextLine], first: int, last: int) -> list[Unit]:
    """Units among ``lines[first:last]`` in printed order; each line is given to one unit at most.

    Lines before the first unit belong to none. Notes and continued sentences are dealt with by the
    caller; here a line that is no accepted label goes to the unit open at that point.
    """
    candidates = [
        (index, readings)
        for index in range(first, last)
        if lines[index].kind == "text"
        and not lines[index].continues
        and (readings := read_labels(text[lines[index].start : lines[index].end]))
    ]
    _reread_romans(text, lines, candidates)
    units: list[Unit] = []
    stack: list[Unit] = []
    latest: dict[str, int] = {}  # ordinal of the last unit of a style
    for position, (index, readings) in enumerate(candidates):
        later = candidates[position + 1 : position + 12]
        placed = _place(stack, readings, [labels for _, labels in later])
        placed = placed or _continued(stack, readings[0], latest)
        if placed and _in_numeral(stack, placed[0], candidates[position + 1 :]):
            placed = (placed[0], _numeral(stack) + 1, "dãy chữ hoa dưới dãy số")
        if placed is None:
            continue
        label, depth, why = placed
        del stack[depth:]
        parent = stack[-1] if stack else None
        unit = Unit(label, index, _number(stack, label), parent, why)
        if parent:
            parent.children.append(unit)
        stack.append(unit)
        latest[label.style] = label.ordinal
        units.append(unit)
    return units


def _reread_romans(
    text: str, lines: Sequence[TextLine], candidates: list[tuple[int, list[Label]]]
) -> None:
    """Read "1. MỤC ĐÍCH", "11. NỘI DUNG" as I and II where these are missing before II and III.

    OCR engines print ones for them; a title in capitals and the numeral that comes next tell.
    """
    romans = [
        (at, label.ordinal)
        for at, (_, readings) in enumerate(candidates)
        for label in readings[:1]
        if label.style == "roman"
    ]
    for at in range(len(candidates) - 1, -1, -1):
        index, readings = candidates[at]
        label = readings[0]
        ones = {1: 1, 11: 2, 111: 3}.get(label.ordinal)
        title = text[lines[index].start + label.end : lines[index].end]
        if label.style != "arabic" or ones is None or not title.isupper() or len(title) < 6:
            continue
        after = next((ordinal for other, ordinal in romans if other > at), None)
        if after == ones + 1 and not any(o >= ones for other, o in romans if other < at):
            roman = Label("roman", ones, "I" * ones, label.end)
            candidates[at] = (index, [roman, *readings])
            romans = [(at, ones), *romans]


def _number(stack: list[Unit], label: Label) -> str:
    """Path of printed labels; ``4.1`` under ``II.4`` is ``II.4.1``, its print is not repeated."""
    if not stack:
        return label.print
    parent = stack[-1]
    own = (*parent.label.prefix, parent.label.ordinal)
    full = (*label.prefix, label.ordinal)
    numbered = label.style == "decimal" and parent.label.style in ("arabic", "decimal")
    if numbered and full[: len(own)] == own:
        return ".".join([parent.number, *map(str, full[len(own) :])])
    return f"{parent.number}.{label.print}"


def _place(
    stack: list[Unit], readings: list[Label], later: list[list[Label]]
) -> tuple[Label, int, str] | None:
    """The reading to believe and the depth at which it stands, or ``None``."""
    best: tuple[int, Label, int, str] | None = None
    for label in readings:
        fit = _fit(stack, label, later)
        if fit is not None and (best is None or fit[0] < best[0]):
            best = (fit[0], label, fit[1], fit[2])
    return best[1:] if best else None


def _fit(stack: list[Unit], label: Label, later: list[list[Label]]) -> tuple[int, int, str] | None:
    """How well a reading fits (0 best), at which depth, and why; ``None`` when it does not."""
    if label.style == "decimal":
        return _fit_decimal(stack, label)
    same = [d for d, unit in enumerate(stack) if unit.label.style == label.style]
    for depth in reversed(same):
        if label.ordinal == stack[depth].label.ordinal + 1:
            return 0, depth, "nhãn kế tiếp"
    if same:
        return _fit_irregular(stack, label, same)
    if label.ordinal == 1:
        return 1, _depth_for(stack, label), "nhãn đầu của một dãy mới"
    if RANK[label.style] <= RANK["roman"] and not stack:
        return 3, 0, "nhãn đầu in được"
    if label.ordinal <= _GAP and label.style in ("roman", "arabic", "letter"):
        goes_on = any(
            other.style == label.style and other.ordinal == label.ordinal + 1
            for labels in later
            for other in labels
        )
        if goes_on:
            return 3, _depth_for(stack, label), "dãy thiếu nhãn đầu"
    return None


def _in_numeral(stack: list[Unit], label: Label, after: Sequence[tuple[int, list[Label]]]) -> bool:
    """Whether "A." opens a list below the numeral at hand, as "III. / A. Cấp tỉnh".

    Capitals stand above numerals as a rule; here these go on after them (IV) instead of beginning
    anew.
    """
    if label.style != "upper" or label.ordinal != 1:
        return False
    if not stack or any(unit.label.style == "upper" for unit in stack):
        return False
    holder = stack[_numeral(stack)].label
    if holder.style not in ("roman", "arabic"):
        return False
    following = (labels[0].ordinal for _, labels in after if labels[0].style == holder.style)
    return next(following, None) == holder.ordinal + 1


def _numeral(stack: list[Unit]) -> int:
    """The depth of the Roman numeral at hand, of the outermost unit where there is none."""
    return next((d for d, unit in enumerate(stack) if unit.label.style == "roman"), 0)


def _continued(
    stack: list[Unit], label: Label, latest: dict[str, int]
) -> tuple[Label, int, str] | None:
    """A list that goes on below the next unit above it: Chương I, Điều 1, 2; Chương II, Điều 3."""
    if label.style not in ("roman", "article", "arabic"):
        return None
    if any(unit.label.style == label.style for unit in stack):
        return None
    if latest.get(label.style) != label.ordinal - 1:
        return None
    return label, _depth_for(stack, label), "dãy tiếp tục ở mục sau"


def _fit_irregular(stack: list[Unit], label: Label, same: list[int]) -> tuple[int, int, str] | None:
    depth = same[-1]
    if label.ordinal == 1 and RANK[label.style] >= RANK["arabic"]:
        if depth < len(stack) - 1 and len(same) < 2:  # a list in a list, not deeper
            return 1, len(stack), "dãy trong một mục của dãy khác"
        return 2, depth, "nhãn bắt đầu lại"
    for place in reversed(same):
        ahead = label.ordinal - stack[place].label.ordinal
        if 1 < ahead <= _GAP:
            return 2, place, "dãy thiếu nhãn"
        if ahead == 0:
            return 2, place, "nhãn in hai lần"
    if label.ordinal == 1:
        return 2, depth, "nhãn bắt đầu lại"
    return None


def _depth_for(stack: list[Unit], label: Label) -> int:
    """Depth of a new list: below the innermost unit that may hold its style."""
    if RANK[label.style] >= RANK["arabic"]:
        return len(stack)
    for depth, unit in enumerate(stack):
        if RANK[unit.label.style] >= RANK[label.style]:
            return depth
    return len(stack)


def _fit_decimal(stack: list[Unit], label: Label) -> tuple[int, int, str] | None:
    for depth in range(len(stack) - 1, -1, -1):
        other = stack[depth].label
        if other.style in ("arabic", "decimal") and label.prefix == (*other.prefix, other.ordinal):
            return 0, depth + 1, "nhãn thập phân dưới nhãn cha"
        sibling = other.style == "decimal" and label.prefix == other.prefix
        if sibling and label.ordinal >= other.ordinal:
            return 0, depth, "nhãn thập phân kế tiếp"
    for depth in range(len(stack) - 1, -1, -1):
        other = stack[depth].label
        if other.style == "roman" and label.prefix == (other.ordinal,):
            return 1, depth + 1, "nhãn thập phân dưới số La Mã"
    if label.ordinal != 1 and not any(unit.label.style == "decimal" for unit in stack):
        return None
    for depth in range(len(stack) - 1, -1, -1):
        other = stack[depth].label
        wanted = "arabic" if len(label.prefix) == 1 else "decimal"
        if other.style == wanted or RANK[other.style] < RANK["arabic"]:
            return 3, depth + 1, "nhãn thập phân lệch nhãn cha"
    return (3, 0, "nhãn thập phân không có nhãn cha") if not stack else None
