"""Words of a PDF page to printed lines: one baseline, from left to right, marks of notes raised."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kh_nlp.reading.pdf.words import Word

GLUED = 0.1
"""Of the font's size: a narrower gap is none, whatever blank the file has there. A blank of Times
is .25 wide, .15 at least in a line pressed together."""

_FREE = 0.45  # font sizes of a gap at which a line is taken apart
_WIDE = 1.2  # font sizes of a gap that no blank is
_SAME_LINE = 0.3  # of the font's size between two baselines
_SMALL = 0.85  # of the size of its neighbour: a raised digit that small is the mark of a note
_RAISED = (0.12, 0.8)  # of the neighbour's size above its baseline
_MARK = re.compile(r"^\(?\d{1,3}\)?[,;]?$")
_RAISE = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
SUPERSCRIPTS = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(slots=True)
class PrintedLine:
    """Words side by side on one baseline. Points from the left and the top of the page."""

    words: list[Word]
    left: float = field(init=False)
    right: float = field(init=False)
    base: float = field(init=False)
    size: float = field(init=False)
    text: str = field(init=False)

    def __post_init__(self) -> None:
        words = self.words
        self.left, self.right = words[0].left, max(word.right for word in words)
        first = words[0]
        if all(word.base == first.base and word.size == first.size for word in words):
            self.base, self.size = first.base, first.size
        else:
            letters: Counter[tuple[float, float]] = Counter()
            for word in words:
                letters[word.base, word.size] += len(word.text)
            self.base, self.size = letters.most_common(1)[0][0]
        self.text = _joined(words)

    @property
    def bold(self) -> bool:
        """Whether every word with a letter or digit is bold."""
        return all(w.bold for w in self.words if any(map(str.isalnum, w.text)))

    @property
    def first_width(self) -> float:
        """Width of what stands before the first blank; a dash goes with the word behind it."""
        last = 0
        for above, word in pairwise(self.words):
            if not (word.tied or _glued(above, word) or above.text in "-–"):
                break
            last += 1
        return self.words[last].right - self.left

    @property
    def second_left(self) -> float | None:
        """Where the text after the first blank begins."""
        for above, word in pairwise(self.words):
            if not _glued(above, word):
                return word.left
        return None

    def split(self, gap: float) -> list[PrintedLine]:
        """The line in pieces, parted where words stand more than ``gap`` sizes apart."""
        pieces = [[self.words[0]]]
        for before, word in pairwise(self.words):
            if word.left - before.right > gap * self.size:
                pieces.append([])
            pieces[-1].append(word)
        return [self] if len(pieces) == 1 else [PrintedLine(piece) for piece in pieces]

    def divide(self, low: float, high: float) -> list[PrintedLine] | None:
        """The line in two at its widest gap in ``low..high``; ``None`` without such a gap.

        A gap far wider than a blank may lie in it with a part only.
        """
        widest, place = 0.0, 0
        for index, (before, word) in enumerate(pairwise(self.words), 1):
            gap = min(word.left, high) - max(before.right, low)
            wide = word.left - before.right > _WIDE * self.size
            if gap > widest and (wide or gap >= _FREE * self.size):
                widest, place = gap, index
        if not place:
            return None
        return [PrintedLine(self.words[:place]), PrintedLine(self.words[place:])]


def find_lines(words: Sequence[Word]) -> list[PrintedLine]:
    """Printed lines from the top downwards; words on one baseline are one line however far apart.

    A small raised digit is written as one ("CCHC¹") and stands on the line it belongs to.
    """
    raise_marks(words)
    rows: list[list[Word]] = []
    stamps: list[Word] = []
    top = 0.0
    for word in sorted(words, key=lambda word: (word.base, word.left)):
        if word.stamped:
            stamps.append(word)
        elif rows and word.base - top < _SAME_LINE * min(word.size, rows[-1][0].size):
            rows[-1].append(word)
        else:
            rows.append([word])
            top = word.base
    for word in stamps:
        _put_stamp(word, rows)
    for row in rows:
        row.sort(key=lambda word: word.left)
    return [PrintedLine(row) for row in rows]


def _put_stamp(word: Word, rows: list[list[Word]]) -> None:
    """A stamped number or day stands on the nearest line, though stamps are set by hand."""
    near = [
        (abs(row[0].base - word.base), index)
        for index, row in enumerate(rows)
        if abs(row[0].base - word.base) < 0.8 * row[0].size
    ]
    if near:
        rows[min(near)[1]].append(word)
        return
    at = next((k for k, row in enumerate(rows) if row[0].base > word.base), len(rows))
    rows.insert(at, [word])


def raise_marks(words: Sequence[Word]) -> None:
    """Small raised digits beside a word become superscripts on that word's baseline.

    Neighbours are looked for in the order of the file, in which a mark stands between the words
    it is printed between.
    """
    for index, word in enumerate(words):
        if not _MARK.match(word.text):
            continue
        for at in (index - 1, index + 1):
            if not 0 <= at < len(words):
                continue
            other = words[at]
            lift = (other.base - word.base) / other.size
            if word.size > _SMALL * other.size or not _RAISED[0] <= lift <= _RAISED[1]:
                continue
            gap = word.left - other.right if at < index else other.left - word.right
            if -0.5 < gap / other.size < (0.6 if at < index else 1.5):
                word.text = word.text.strip("()").translate(_RAISE)
                word.base, word.size = other.base, other.size
                break


def _glued(before: Word, word: Word) -> bool:
    """Whether no blank stands between two neighbours."""
    if before.stamped or word.stamped:  # set by hand over the gap left for it
        return word.text.startswith("/")
    if word.text[0] in SUPERSCRIPTS and before.text[-1] not in SUPERSCRIPTS:
        return word.left - before.right < 0.6 * word.size
    return word.left - before.right < GLUED * max(word.size, before.size)


def _joined(words: Sequence[Word]) -> str:
    parts = [words[0].text]
    for before, word in pairwise(words):
        if not _glued(before, word):
            parts.append(" ")
        parts.append(word.text)
    return "".join(parts)
