"""Roman numerals counted stroke by stroke on the image.

The engine reads "II" as "H", "I" or "Il" and "III" as "HI" or "IIL" more often than right. Upright
strokes with nothing between them can be counted; an H has a bar between its two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from kh_nlp.reading.scan.layout import PrintedLine
from kh_nlp.reading.scan.tesseract import Gray, Word

_NUMERAL = re.compile(r"^(?P<open>[(“\"]?)(?P<numeral>[IVXHLTÌÍÏlJ1|!]{1,5})(?P<end>[.,:;)/].*)?$")
_NAMED = re.compile(r"^(?:[Qq]uý|QUÝ|[Mm]ục|MỤC|[Pp]hần|PHẦN|[Cc]hương|CHƯƠNG|lục|LỤC|khóa|thứ)$")


def count_numerals(gray: Gray, lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    """Lines with the numerals of labels ("II.") and after words like "Quý" as they are printed."""
    return [_corrected(gray, line) for line in lines]


def _corrected(gray: Gray, line: PrintedLine) -> PrintedLine:
    words = count_in_words(gray, line.words, line.size)
    if words == line.words:
        return line
    return replace(line, words=tuple(words), text=" ".join(word.text for word in words))


def count_in_words(gray: Gray, words: Sequence[Word], size: float) -> tuple[Word, ...]:
    """The same for the words of one line or cell; ``size`` is their type size in pixels."""
    out = list(words)
    for index, word in enumerate(words):
        match = _NUMERAL.match(word.text)
        if not match:
            continue
        label = index == 0 and (match.group("end") or "")[:1] in (".", ",", ":", ")", "/")
        alone = len(words) == 1
        named = index > 0 and bool(_NAMED.match(words[index - 1].text))
        read = match.group("numeral")
        if not (label or named or alone) or not set(read) & set("IVXHÌÍÏ"):
            continue
        numeral = _numeral(gray, word, read, size)
        if numeral and numeral != read:
            end = match.group("end") or ""
            end = "." + end[1:] if label and end[:1] == "," else end
            out[index] = replace(word, text=f"{match.group('open')}{numeral}{end}")
    return tuple(out)


def _numeral(gray: Gray, word: Word, read: str, size: float) -> str | None:
    """The numeral with its I's counted, ``None`` where the image does not tell."""
    count = count_strokes(gray[word.top : word.bottom, word.left : word.right], size)
    if not 1 <= count <= 3:
        return None
    if read[0] in "VX":
        return f"{read[0]}{'I' * count}" if read[1:] and read[1] not in "VX" else None
    if read[-1] in "VX" and len(read) > 1:
        return f"I{read[-1]}" if count == 1 else None
    if set(read) & set("VX"):
        return None
    return "I" * count


def count_strokes(part: Gray, size: float) -> int:
    """Upright strokes of full height from the left that stand apart; 0 where a bar joins two."""
    import numpy as np

    ink = np.asarray(part < 150)
    rows = np.flatnonzero(ink.any(axis=1))
    if not len(rows) or not 0.4 * size < rows[-1] - rows[0] + 1 < 1.1 * size:
        return 0
    ink = ink[rows[0] : rows[-1] + 1]
    height = ink.shape[0]
    core = ink[round(0.2 * height) : round(0.8 * height)]
    strokes = _runs(core.mean(axis=0) >= 0.85)
    if not strokes or strokes[0][0] > 0.35 * height or _widest(strokes) > 0.4 * height:
        return _after_letter(core, strokes, height)
    return _chain(core, strokes, height)


def _after_letter(core: Any, strokes: Sequence[tuple[int, int]], height: int) -> int:
    """Strokes behind a V or an X, which have none of their own."""
    if not strokes or _widest(strokes) > 0.4 * height:
        return 0
    return _chain(core, strokes, height)


def _widest(strokes: Sequence[tuple[int, int]]) -> int:
    return max(end - start for start, end in strokes)


def _chain(core: Any, strokes: Sequence[tuple[int, int]], height: int) -> int:
    """How many strokes follow one another closely with paper between them."""
    count = 1
    for (_, end), (start, _) in pairwise(strokes):
        if start - end > 0.62 * height:
            break
        between = core[:, end + 1 : start - 1]
        if between.size and between.any(axis=0).mean() > 0.75:
            return 0  # a bar: H
        count += 1
    return count


def _runs(flags: Any) -> list[tuple[int, int]]:
    """Stretches of true values as (start, end)."""
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
