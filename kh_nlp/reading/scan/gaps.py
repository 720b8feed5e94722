"""Blanks that the engine lost: words run together ("ĐỒIHẠC"), ranges closed up ("2021-2025").

Only words that cannot be one are looked at: two syllables, or a dash between numbers. A blank is
there when the paper between two letters is about as wide as a blank is printed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from kh_nlp.reading.scan.printed import PrintedLine
from kh_nlp.reading.scan.roman import runs
from kh_nlp.reading.scan.tesseract import Gray, Word
from kh_nlp.reading.widths import printed_width

_RANGE = re.compile(r"^\W*\d{1,4}[-–]\d{1,4}\W*$")
_SYLLABLES = re.compile(r"[aeiouy]+[^aeiouy\W\d_]+[aeiouy]")
_BLANK = 0.17  # ems; a blank is printed at .25, less where a line was squeezed


def split_words(gray: Gray, lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    """Lines with the lost blanks put back."""
    out = []
    for line in lines:
        words = [part for word in line.words for part in _parts(gray, word, line.size)]
        if len(words) != len(line.words):
            line = replace(line, words=tuple(words), text=" ".join(word.text for word in words))
        out.append(line)
    return out


def _parts(gray: Gray, word: Word, size: float) -> list[Word]:
    text = word.text
    if not (_RANGE.match(text) or (len(text) > 4 and _two_syllables(text))):
        return [word]
    part = gray[word.top : word.bottom, word.left : word.right]
    blanks = [(a, b) for a, b in runs(~(part < 150).any(axis=0)) if a and b < part.shape[1]]
    places = [(a + b) / 2 for a, b in blanks if b - a >= _BLANK * size]
    ends = [float(printed_width(text[:index])) for index in range(len(text) + 1)]
    scale = (word.right - word.left) / max(1.0, ends[-1])
    cuts = sorted({min(range(len(ends)), key=lambda k: abs(ends[k] * scale - x)) for x in places})
    cuts = [cut for cut in cuts if 0 < cut < len(text)]
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    if len(pieces) == 1 or not all(re.search(r"\w|^[-–]$", piece) for piece in pieces):
        return [word]
    if not _RANGE.match(text) and any(_two_syllables(piece) for piece in pieces):
        return [word]  # the cuts are not where the syllables part
    lefts = [word.left, *(word.left + round(x) for x in places[: len(pieces) - 1])]
    rights = [*lefts[1:], word.right]
    return [
        replace(word, text=piece, left=left, right=right)
        for piece, left, right in zip(pieces, lefts, rights, strict=True)
    ]


def _two_syllables(text: str) -> bool:
    """Whether letters with Vietnamese marks hold more than one syllable, which no word does."""
    if not re.fullmatch(r"\W*[^\W\d_]+\W*", text):
        return False
    split = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    bare = "".join(char for char in split if not unicodedata.combining(char))
    return len(bare) < len(split) and bool(_SYLLABLES.search(bare))
