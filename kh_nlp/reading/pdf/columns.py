"""Reading order: two blocks side by side (a head, a signature) are read one after the other.

Plans are set in one column. Where words stand far apart on a line, the strip between them is
followed downwards; if further lines keep it free, what stands left of it is read before what stands
right of it. The strip may be narrow in some lines as long as it is wide in one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kh_nlp.reading.pdf.lines import PrintedLine

_APART = 1.2  # font sizes between words of two blocks
_BESIDE = 0.8  # font sizes between the baselines of two lines that stand side by side
_NARROWEST = 0.4  # font sizes that the strip between two blocks must keep
_REACH = 4.0  # font sizes down to the next line of a block
_NEAR = 2.6  # font sizes up to a line that still belongs to the block below it
_ROWS_OF_TABLE = 5  # so many lines with the same two parts are rows of a table without rules
_LABEL = re.compile(r"^(?:[-–+•*·▪●○◦✓]|\(?[\dIVXLa-zđA-ZĐ]{1,5}[.)/]|\d{1,3}(?:\.\d{1,3})*)$")
_FORMULA = re.compile(
    r"^(?:CỘNG\s+H(?:ÒA|OÀ)|ĐẢNG CỘNG SẢN|Độc lập\s*[-–]|Số\s*:|N(?:ơi nhận|ƠI NHẬN)"
    r"|(?:TM|KT|TL|TUQ|Q)\s?\.|T/M|(?:PHÓ )?(?:CHỦ TỊCH|GIÁM ĐỐC|BÍ THƯ)|[^,\d/]{2,40},\s*ngày\s)"
)


# "ngày      tháng 01 năm 2024", "Số:      /KH-STP": room left for a day or a number, no strip
_TO_FILL_IN = re.compile(r"^(?:tháng\b|năm\b|/\s?[A-ZĐ])")


@dataclass(slots=True)
class Group:
    """Lines read one after the other. ``block``: one of two or more that stand side by side."""

    lines: list[PrintedLine] = field(default_factory=list)
    block: bool = False


@dataclass(slots=True)
class _Region:
    low: float
    high: float
    left: list[PrintedLine] = field(default_factory=list)
    right: list[PrintedLine] = field(default_factory=list)

    def take(self, line: PrintedLine, above: float) -> bool:
        """Take a line in whole or in two parts; ``False`` when it crosses the strip."""
        if line.base - above > _REACH * line.size:
            return False
        least = _NARROWEST * line.size
        if line.right <= max(self.low, self.high - least):
            self.left.append(line)
            self.low = max(self.low, line.right)
            return True
        if line.left >= min(self.high, self.low + least):
            self.right.append(line)
            self.high = min(self.high, line.left)
            return True
        parts = line.divide(self.low, self.high)
        if parts is None:
            return False
        self.left.append(parts[0])
        self.right.append(parts[1])
        self.low, self.high = max(self.low, parts[0].right), min(self.high, parts[1].left)
        return True


def arrange(lines: Sequence[PrintedLine], depth: int = 0) -> list[Group]:
    """Lines of a page, from the top downwards, in groups in reading order."""
    groups: list[Group] = []
    plain: list[PrintedLine] = []
    at = 0
    while at < len(lines):
        region, end = _region(lines, at)
        if region is None or not _accept(region, lines[at:end]):
            plain.append(lines[at])
            at += 1
            continue
        _take_upper(plain, region)
        if plain:
            groups.append(Group(plain, depth > 0))
        plain = []
        groups.append(Group(region.left, True))
        if depth < 2:
            groups += [Group(group.lines, True) for group in arrange(region.right, depth + 1)]
        else:
            groups.append(Group(region.right, True))
        at = end
    if plain:
        groups.append(Group(plain, depth > 0))
    return groups


def _region(lines: Sequence[PrintedLine], at: int) -> tuple[_Region | None, int]:
    """The region of two blocks that begins with the line ``at``, and the first line below it."""
    line = lines[at]
    pieces = line.split(_APART)
    gaps = [k for k in range(1, len(pieces)) if not _TO_FILL_IN.match(pieces[k].text)]
    if gaps:
        widest = max(gaps, key=lambda k: pieces[k].left - pieces[k - 1].right)
        low, high = pieces[widest - 1].right, pieces[widest].left
    elif at + 1 < len(lines) and (strip := _beside(line, lines[at + 1])):
        low, high = strip
    else:
        return None, at
    region = _Region(low, high)
    above, end = line.base, at
    for index in range(at, len(lines)):
        if not region.take(lines[index], above):
            break
        above, end = lines[index].base, index + 1
    return region, end


def _beside(line: PrintedLine, other: PrintedLine) -> tuple[float, float] | None:
    """The strip between two lines whose baselines differ a little, one right of the other."""
    size = max(line.size, other.size)
    if other.base - line.base > _BESIDE * size:
        return None
    first, second = sorted((line, other), key=lambda one: one.left)
    if second.left - first.right < _APART * size:
        return None
    return first.right, second.left


def _accept(region: _Region, lines: Sequence[PrintedLine]) -> bool:
    """Whether a region is two blocks, and not labels beside their text or a table without rules."""
    left, right = region.left, region.right
    if not left or not right or len(left) + len(right) < 3:
        return False
    if all(len(line.text) < 4 or _LABEL.match(line.text) for line in left):
        return False
    if any(_FORMULA.match(line.text) for line in (*left, *right)):
        return True
    parted = sum(len(line.split(_APART)) > 1 for line in lines)
    if sum(len(line.split(_APART)) > 2 for line in lines) > 2 or parted >= _ROWS_OF_TABLE:
        return False
    return parted < len(lines)


def _take_upper(plain: list[PrintedLine], region: _Region) -> None:
    """Move lines right above a region into it: taken out of ``plain``, put on top of the blocks.

    "TM. ỦY BAN NHÂN DÂN" is often printed a little higher than "Nơi nhận:", and the first line of a
    head may leave but a narrow strip free.
    """
    top = min(region.left[0].base, region.right[0].base)
    while plain and top - plain[-1].base < _NEAR * plain[-1].size:
        line = plain[-1]
        if line.left >= region.low and line.left > region.left[0].left + line.size:
            region.right.insert(0, line)
            region.high = min(region.high, line.left)
        elif parts := _parted(line, region):
            region.left.insert(0, parts[0])
            region.right.insert(0, parts[1])
            region.low, region.high = (
                max(region.low, parts[0].right),
                min(region.high, parts[1].left),
            )
        elif _fits_left(line, region) and _below_each_other(line, region.left[0]):
            region.left.insert(0, line)
            region.low = max(region.low, line.right)
        else:
            return
        top = plain.pop().base


def _fits_left(line: PrintedLine, region: _Region) -> bool:
    return line.right + _NARROWEST * line.size <= region.high


def _below_each_other(line: PrintedLine, other: PrintedLine) -> bool:
    """Whether two lines have one middle, as those of a head have."""
    return abs(line.left + line.right - other.left - other.right) < 3 * line.size


def _parted(line: PrintedLine, region: _Region) -> list[PrintedLine] | None:
    """A line in two parts if its widest gap by far lies in the strip of a region."""
    parts = line.divide(region.low, region.high)
    if parts is None:
        return None
    gap = parts[1].left - parts[0].right
    others = [b.left - a.right for part in parts for a, b in pairwise(part.words)]
    return parts if gap > 1.5 * max(others, default=0.0) else None
