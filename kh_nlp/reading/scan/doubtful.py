"""Lines that make no sense, read once more by themselves from their part of the page.

Page analysis sometimes cuts a line through its letters, or two lines of small type into one that
is no text and a second of their lower halves; most often where lines of another size stand beside.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from kh_nlp.reading.scan.cells import read_boxes
from kh_nlp.reading.scan.grid import Box
from kh_nlp.reading.scan.layout import cell_lines, find_fragments
from kh_nlp.reading.scan.printed import PrintedLine, body_size
from kh_nlp.reading.scan.tesseract import Gray, Word

_DOUBTFUL = 60.0  # mean confidence of a line below which it is read again
_MOST = 12  # lines of a page that are read again; more: the page is no text
_PAD = 12  # pixels
_LEAST = 40  # pixels: the height of a line of small type
_TWO = 1.5  # ems: a box higher than this holds more than one line


def read_again(text: Gray, words: Sequence[Word], timeout: float) -> list[Word]:
    """The words of a page, those of doubtful lines by the surer of two readings."""
    lines = find_fragments(words)
    doubtful = _doubtful(lines)
    if not 0 < len(doubtful) <= _MOST:
        return list(words)
    usual = body_size(lines)
    boxes = [_around(group) for group in doubtful]
    areas = [_area(box, text) for box in boxes]
    left = list(words)
    for index, found in enumerate(read_boxes(text, areas, timeout=timeout)):
        old, box = doubtful[index], boxes[index]
        believed = min(line.confidence for line in old)
        again = cell_lines(found)
        if box[3] - box[1] < _TWO * usual:
            again = sorted(again, key=lambda line: -len(line.text))[:1]
        surer = [line for line in again if line.confidence > believed]
        if not surer:
            continue
        gone = {id(word) for line in old for word in line.words}
        left = [
            word
            for word in left
            if id(word) not in gone and not any(_covers(line.box, word) for line in surer)
        ]
        for number, line in enumerate(surer):
            # a line of its own: no engine line has this number
            left += [replace(word, line=(-1, index, number)) for word in line.words]
    return left


def _doubtful(lines: Sequence[PrintedLine]) -> list[list[PrintedLine]]:
    """Lines to be read again, those that lie on one another together."""
    groups: list[list[PrintedLine]] = []
    for line in lines:
        group = next((g for g in groups if any(_overlap(o.box, line.box) for o in g)), None)
        if group is None:
            groups.append([line])
        else:
            group.append(line)
    return [group for group in groups if len(group) > 1 or group[0].confidence < _DOUBTFUL]


def _around(lines: Sequence[PrintedLine]) -> Box:
    lefts, tops, rights, bottoms = zip(*(line.box for line in lines), strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _area(box: Box, text: Gray) -> Box:
    height, width = text.shape
    left, top, right, bottom = box
    reach = math.ceil(max(0.0, _LEAST - (bottom - top)) / 2) + _PAD
    return (
        max(0, left - _PAD),
        max(0, top - reach),
        min(width, right + _PAD),
        min(height, bottom + reach),
    )


def _overlap(one: Box, other: Box) -> bool:
    """Whether lines lie on one another, as none are printed: one line was cut in two."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    narrow = min(one[2] - one[0], other[2] - other[0])
    return across > 0.5 * narrow and down > 0.6 * min(one[3] - one[1], other[3] - other[1])


def _covers(box: Box, word: Word) -> bool:
    """Whether most of a word lies where a line was read anew."""
    across = min(box[2], word.right) - max(box[0], word.left)
    down = min(box[3], word.bottom) - max(box[1], word.top)
    area = max(1, (word.right - word.left) * word.height)
    return across > 0 and down > 0 and across * down > 0.5 * area
