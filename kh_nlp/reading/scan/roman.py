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

from kh_nlp.reading.scan.printed import PrintedLine
from kh_nlp.reading.scan.tesseract import Gray, Word

_NUMERAL = re.compile(
    r"^(?P<open>[(“\"]?)(?P<numeral>[IVXHLTÌÍÏlJ1|!]{1,5})(?P<end>[.,:;)/–-].*)?$"
)
_FUSED = re.compile(r"^(?P<open>)(?P<numeral>[IVl1|!]{1,3})(?P<end>20\d\d[.,;)]?)$")  # "II/2026"
_LABEL_ENDS = (".", ",", ":", ")", "/", "-", "–")
_NAMED = re.compile(r"^(?:[Qq]uý|QUÝ|[Mm]ục|MỤC|[Pp]hần|PHẦN|[Cc]hương|CHƯƠNG|lục|LỤC|khóa|thứ)$")


def count_numerals(gray: Gray, lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    """Lines with the numerals of labels ("II.") and after words like "Quý" as they are printed."""
    out: list[PrintedLine] = []
    for line in lines:
        before = out[-1].words[-1].text if out and out[-1].words else ""
        words = tuple(_counted(gray, line, index, before) for index in range(len(line.words)))
        if words != line.words:
            line = replace(line, words=words, text=" ".join(word.text for word in words))
        out.append(line)
    return out


def _counted(gray: Gray, line: PrintedLine, index: int, before: str) -> Word:
    """A word of a line; ``before`` is the last word of the line above."""
    words, size = line.words, line.size
    word = words[index]
    named = bool(_NAMED.match(words[index - 1].text if index else before))
    fused = _FUSED.match(word.text) if named else None
    match = fused or _NUMERAL.match(word.text)
    if match is None:
        return word
    read, end = match.group("numeral"), match.group("end") or ""
    label = index == 0 and end[:1] in _LABEL_ENDS
    wanted = named or label or len(words) == 1
    if not wanted or (not fused and not set(read) & set("IVXHÌÍÏ")):
        return word
    # the engine's box may hold one stroke of three: paper up to the neighbours is looked at too
    reach = round(0.9 * size)
    left = max(word.left - reach, words[index - 1].right if index else 0, 0)
    after = words[index + 1].left if index + 1 < len(words) else word.right + reach
    right = max(word.right, min(word.right + reach, after))
    numeral = _numeral(gray[word.top : word.bottom, left:right], read, size) or read
    if fused:
        numeral = read if read == "1" and numeral == "I" else numeral  # "Quý 1/2026"
        end = f"/{end}"
    if label and end[:1] == ",":
        end = "." + end[1:]
    return replace(word, text=f"{match.group('open')}{numeral}{end}")


def _numeral(part: Gray, read: str, size: float) -> str | None:
    """The numeral with its I's counted, ``None`` where the image does not tell."""
    count = count_strokes(part, size, behind=read[0] in "VX")
    if not 1 <= count <= 3:
        return None
    if read[0] in "VX":
        return f"{read[0]}{'I' * count}" if read[1:] and read[1] not in "VX" else None
    if read[-1] in "VX" and len(read) > 1:
        return f"I{read[-1]}" if count == 1 else None
    if set(read) & set("VX"):
        return None
    return "I" * count


def count_strokes(part: Gray, size: float, *, behind: bool = False) -> int:
    """Upright strokes of full height that stand apart, from the left; 0 where a bar joins two.

    ``behind``: those behind a V or X, the foot of which may itself be taken for a stroke.
    """
    import numpy as np

    ink = np.asarray(part < 150)
    rows = np.flatnonzero(ink.any(axis=1))
    if not len(rows) or not 0.4 * size < rows[-1] - rows[0] + 1 < 1.1 * size:
        return 0
    ink = ink[rows[0] : rows[-1] + 1]
    height = ink.shape[0]
    core = ink[round(0.2 * height) : round(0.8 * height)]
    strokes = runs(core.mean(axis=0) >= 0.85)
    if not strokes or _widest(strokes) > 0.4 * height:
        return 0
    count, rest = _chain(core, strokes, height)
    if behind and rest:
        count = max(count, _chain(core, rest, height)[0])
    return count


def _widest(strokes: Sequence[tuple[int, int]]) -> int:
    return max(end - start for start, end in strokes)


def _chain(
    core: Any, strokes: Sequence[tuple[int, int]], height: int
) -> tuple[int, Sequence[tuple[int, int]]]:
    """How many strokes follow one another closely with paper between them, and those behind."""
    count = 1
    for (_, end), (start, _) in pairwise(strokes):
        if start - end > 0.62 * height:
            break
        between = core[:, end + 1 : start - 1]
        if between.size and between.any(axis=0).mean() > 0.75:
            return 0, ()  # a bar: H
        count += 1
    return count, strokes[count:]


def runs(flags: Any) -> list[tuple[int, int]]:
    """Stretches of true values as (start, end)."""
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
