"""Footnotes: small lines at the foot of a page, from the first that begins with a raised digit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kh_nlp.reading.pdf.lines import SUPERSCRIPTS, PrintedLine

_SMALLER = 0.95  # of the size of the page's running text


def body_size(lines: Sequence[PrintedLine]) -> float:
    """The font size of most characters, in points; 0 without lines."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def split_notes(
    lines: Sequence[PrintedLine], size: float
) -> tuple[list[PrintedLine], list[PrintedLine]]:
    """Lines of running text and those of the notes below it. ``size`` as of ``body_size``."""
    start = end = len(lines)
    while start and lines[start - 1].size < _SMALLER * size:
        start -= 1
    first = next((k for k in range(start, end) if lines[k].text[0] in SUPERSCRIPTS), end)
    return list(lines[:first]), list(lines[first:])
