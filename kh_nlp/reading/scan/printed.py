"""A line as it stands on the page, and the type size it is set in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from kh_nlp.reading.scan.grid import Box
from kh_nlp.reading.scan.tesseract import Word
from kh_nlp.reading.widths import printed_width

DESCENDS = re.compile(r"[gjpqyQ,;()\[\]/|_ạặậẹệịọộợụựỵýỳỷỹ]")


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line as printed. ``size`` in pixels; ``confidence`` 0..100, the mean of its words.

    ``after_blank``: a paragraph begins here. ``in_cell``: goes on in a column of a head or a
    signature. ``goes_on``: goes on with the line above, which had no room left for its first word.
    ``words``: what it was made of, for those who look closer at the image.
    """

    text: str
    box: Box
    size: float
    confidence: float
    after_blank: bool = False
    in_cell: bool = False
    goes_on: bool = False
    words: tuple[Word, ...] = ()

    @property
    def baseline(self) -> float:
        """Height of the line its letters stand on."""
        flat = [word.bottom for word in self.words if not DESCENDS.search(word.text)]
        if flat:
            return float(median(flat))
        return self.box[3] - 0.2 * self.size


def body_size(lines: Sequence[PrintedLine]) -> float:
    """The type size that most of the text is set in."""
    letters = Counter[int]()
    for line in lines:
        letters[round(line.size)] += len(line.text)
    best = max(letters, key=lambda size: sum(letters[size + d] for d in (-2, -1, 0, 1, 2)))
    return float(best)


def size_of(words: Sequence[Word]) -> float:
    """Type size in pixels, from how wide the letters run."""
    room = sum(printed_width(word.text) for word in words)
    return 1000 * sum(word.right - word.left for word in words) / max(1, room)
