"""Where paragraphs begin, told from the geometry of printed lines.

A line begins a paragraph when a gap stands above it, when its first word would still have fitted
into the line above, or when it is set in as first lines are. Whether an indent is that of first
lines or of a whole block is learnt from the file: lines after a short line begin paragraphs,
lines that go on in small letters after a full one do not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from kh_nlp.reading.pdf.lines import PrintedLine
from kh_nlp.reading.reflow import starts_paragraph

_GAP = 0.25  # font sizes beyond the usual pitch
_INDENT = 0.6  # font sizes right of the margin
_BLANK = 0.25  # width of a blank in font sizes
_CENTRED = 0.9  # font sizes off the middle that a title may stand
_FREE = 0.7  # font sizes that a title leaves free at either side
_BIN = 3.0  # points of left edges taken together
_OTHER_SIZE = 1.12
_USUAL_PITCH = 1.3


@dataclass(slots=True)
class Measure:
    """How lines of running text are set on pages of one format; points and font sizes.

    ``centred``: lines of a block stand in its middle, so that their widths tell how full they are.
    """

    left: float = 0.0
    right: float = 0.0
    centred: bool = False
    pitch: float = _USUAL_PITCH
    begins: Counter[int] = field(default_factory=Counter)
    goes_on: Counter[int] = field(default_factory=Counter)


def measure(pages: Iterable[Sequence[PrintedLine]]) -> Measure:
    """The measure of pages of one format, each given as its lines of running text."""
    pages = [page for page in pages if page]
    lines = [line for page in pages for line in page]
    out = Measure()
    if not lines:
        return out
    out.left = _often(Counter(round(line.left / 2) for line in lines), 1)
    out.right = _often(Counter(round(line.right / 2) for line in lines), -1)
    pitches = [pitch for page in pages for pitch in _pitches(page)]
    if pitches:
        out.pitch = median(pitches)
    for page in pages:
        for above, line in pairwise(page):
            if room_left(above, line, out):
                out.begins[round(line.left / _BIN)] += 1
            elif line.text[0].islower():
                out.goes_on[round(line.left / _BIN)] += 1
    return out


def block_measure(lines: Sequence[PrintedLine], page: Measure) -> Measure:
    """The measure of a block beside another, whose widest line shows its width."""
    widths = [line.right - line.left for line in lines]
    left = min(line.left for line in lines)
    pitches = _pitches(lines)
    pitch = median(pitches) if len(pitches) > 1 else page.pitch
    return Measure(left=left, right=left + max(widths) + 1.0, centred=True, pitch=pitch)


def _pitches(lines: Sequence[PrintedLine]) -> list[float]:
    """Distances of neighbouring lines, in font sizes, without those across a gap."""
    pitches = [
        (line.base - above.base) / line.size
        for above, line in pairwise(lines)
        if abs(above.size - line.size) < 0.5
    ]
    return [pitch for pitch in pitches if 0.9 < pitch < 2.4]


def _often(counts: Counter[int], side: int) -> float:
    """The outermost edge (bins of two points) at which several lines begin or end."""
    total = counts.total()
    needed = max(2, 0.08 * total) if total > 5 else 1
    edges = sorted(counts, reverse=side < 0)
    for edge in edges:
        if counts[edge] + counts[edge + side] + counts[edge - side] >= needed:
            return 2.0 * edge
    return 2.0 * edges[0]


def room_left(above: PrintedLine, line: PrintedLine, measure: Measure) -> bool:
    """Whether the first word of a line would still have fitted into the line above it."""
    size = max(above.size, line.size)
    right = above.right if not measure.centred else measure.left + above.right - above.left
    return right + _BLANK * size + line.first_width < measure.right - 0.15 * size


class Paragraphs:
    """Follows running text from line to line, also over the end of a page."""

    def __init__(self) -> None:
        self._first: PrintedLine | None = None
        self._above: PrintedLine | None = None

    def reset(self) -> None:
        """What comes next begins a paragraph."""
        self._first = self._above = None

    def begins(self, line: PrintedLine, measure: Measure, *, fresh: bool = False) -> bool:
        """Whether a line begins a paragraph. ``fresh``: it is the first of its page."""
        above, first = self._above, self._first
        found = (
            above is None
            or first is None
            or _other_style(above, line)
            or (not fresh and _gap(above, line, measure))
            or self._set_anew(first, above, line, measure)
        )
        if found:
            self._first = line
        self._above = line
        return found

    def _set_anew(
        self, first: PrintedLine, above: PrintedLine, line: PrintedLine, measure: Measure
    ) -> bool:
        room = room_left(above, line, measure)
        if measure.centred:  # in a list of addressees lines may be broken by hand behind a comma
            return room and not above.text.endswith(",")
        if _centred(line, measure) and _in_middle(above, measure):
            alike = above.text.isupper() == line.text.isupper() and above.bold == line.bold
            title = alike and not starts_paragraph(first.text) and _centred(above, measure)
            return not (title or (alike and not room))
        if room:
            return True
        if line.text[0].islower() or _hangs(first, line):
            return False
        here = round(line.left / _BIN)
        begins, goes_on = measure.begins[here], measure.goes_on[here]
        if begins + goes_on > 2 and max(begins, goes_on) > 2 * min(begins, goes_on):
            return begins > goes_on
        if abs(line.left - above.left) < 1.5 and above is not first:
            return False
        return line.left - measure.left > _INDENT * line.size


def _hangs(first: PrintedLine, line: PrintedLine) -> bool:
    """Whether a line stands below the text behind the label that its paragraph begins with."""
    text = first.second_left
    if text is None or first.left > line.left - 2 or not starts_paragraph(first.text):
        return False
    return abs(line.left - text) < 2.5


def _gap(above: PrintedLine, line: PrintedLine, measure: Measure) -> bool:
    size = max(above.size, line.size)
    return line.base - above.base > (measure.pitch + _GAP) * size or line.base < above.base


def _other_style(above: PrintedLine, line: PrintedLine) -> bool:
    sizes = sorted((above.size, line.size))
    if sizes[1] > _OTHER_SIZE * sizes[0]:
        return True
    both = above.text.isupper() and line.text.isupper()
    return both and above.bold != line.bold


def _centred(line: PrintedLine, measure: Measure) -> bool:
    """Whether a line stands in the middle and reaches neither side."""
    if min(line.left - measure.left, measure.right - line.right) < _FREE * line.size:
        return False
    return _in_middle(line, measure)


def _in_middle(line: PrintedLine, measure: Measure) -> bool:
    middle = (measure.left + measure.right) / 2
    return abs((line.left + line.right) / 2 - middle) < _CENTRED * line.size
