"""Lines read again, each from an image of its own with room for the marks above its letters.

In Times New Roman, which Nghị định 30/2020/NĐ-CP prescribes, marks stand one above the other
("ổ", "ế") higher than capitals. The engine cuts its lines below them and reads "ô" and "ê". From
raw images of the lines it reads them right, but other letters a little worse: so both readings are
weighed word by word. Words right, measured: pages of a real plan .942 before and .982 after, with
noise .949 and .978; pages in Liberation Serif, whose marks are low, stay as they are (.994).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from kh_nlp.reading.scan.printed import DESCENDS, PrintedLine
from kh_nlp.reading.scan.tesseract import Gray, Word, read_lines

_INNER = re.compile(r"^(\W*)(.*?)(\W*)$")
_SAMPLE = 9  # lines that show whether a page needs a second reading
_ABOVE, _BELOW = 1.1, 0.3  # ems above and below the base line that hold all of a letter
_RAW, _MARK = 10.0, 12.0  # points of confidence for the raw reading, and for each mark it adds


def reread(gray: Gray, lines: Sequence[PrintedLine], timeout: float) -> list[PrintedLine]:
    """The lines, with words of a second reading where marks were lost. Raises TesseractError."""
    order = sorted(range(len(lines)), key=lambda index: -len(lines[index].words))
    usable = [index for index in order if _is_usable(lines[index])]
    sample = usable[: 3 * _SAMPLE : 3] if len(usable) >= 3 * _SAMPLE else usable[:_SAMPLE]
    found = dict(zip(sample, _read(gray, [lines[i] for i in sample], timeout), strict=True))
    more, less = 0, 0
    for index, words in found.items():
        up, down = _marks_gained(lines[index].words, words)
        more, less = more + up, less + down
    if more < 2 or more <= 2 * less:
        return list(lines)
    rest = [index for index in usable if index not in found]
    found.update(zip(rest, _read(gray, [lines[i] for i in rest], timeout), strict=True))
    return [
        _weighed(line, found[index]) if index in found else line for index, line in enumerate(lines)
    ]


def _is_usable(line: PrintedLine) -> bool:
    """Whether a line is long enough to be read by itself; a lone number or label is not."""
    return 15 < line.size < 200 and sum(char.isalpha() for char in line.text) > 5


def _read(gray: Gray, lines: Sequence[PrintedLine], timeout: float) -> list[list[Word]]:
    if not lines:
        return []
    height, width = gray.shape
    places, images = [], []
    for line in lines:
        base = line.baseline
        left, right = max(0, line.box[0] - 20), min(width, line.box[2] + 20)
        top = max(0, round(base - _ABOVE * line.size))
        bottom = min(height, max(top + 8, round(base + _BELOW * line.size)))
        places.append((left, base, line.size))
        images.append(gray[top:bottom, left:right])
    out: list[list[Word]] = []
    for (left, base, size), words in zip(places, read_lines(images, timeout), strict=True):
        # boxes of raw lines are as high as the image
        out.append(
            [
                replace(
                    word,
                    left=word.left + left,
                    right=word.right + left,
                    top=round(base - 0.8 * size),
                    bottom=round(base + (0.22 * size if DESCENDS.search(word.text) else 0)),
                )
                for word in words
            ]
        )
    return out


def _marks_gained(first: Sequence[Word], second: Sequence[Word]) -> tuple[int, int]:
    """Words that differ only in their marks: how many have more in the second reading, or less."""
    more = less = 0
    for a, b in _replaced(first, second):
        if len(a) == len(b):
            for one, other in zip(a, b, strict=True):
                if _bare(one.text) == _bare(other.text):
                    gained = _marks(other.text) - _marks(one.text)
                    more, less = more + (gained > 0), less + (gained < 0)
    return more, less


def _replaced(
    first: Sequence[Word], second: Sequence[Word]
) -> list[tuple[Sequence[Word], Sequence[Word]]]:
    return [
        (first[a:b], second[c:d]) for op, a, b, c, d in _aligned(first, second) if op != "equal"
    ]


def _aligned(first: Sequence[Word], second: Sequence[Word]) -> list[tuple[str, int, int, int, int]]:
    matcher = SequenceMatcher(
        None, [word.text for word in first], [word.text for word in second], autojunk=False
    )
    return list(matcher.get_opcodes())


def _weighed(line: PrintedLine, second: Sequence[Word]) -> PrintedLine:
    """A line of the likelier of both readings of each word."""
    first = line.words
    words: list[Word] = []
    for op, a, b, c, d in _aligned(first, second):
        one, other = first[a:b], second[c:d]
        if len(one) != len(other):  # signs by themselves are rests of the lines around
            other = [word for word in other if word.has_letters]
        if op == "equal":
            words += one
        elif len(one) == len(other):
            words += [_likelier(x, y) for x, y in zip(one, other, strict=True)]
        else:
            words += (
                other if other and mean_confidence(other) + _RAW > mean_confidence(one) else one
            )
    return replace(line, words=tuple(words), text=" ".join(word.text for word in words))


def _likelier(one: Word, other: Word) -> Word:
    if not other.has_letters or re.search(r"\d", one.text):
        return one  # numbers and codes have no marks to lose
    gain = _RAW
    other = replace(other, text=_signs_of(one.text, other.text))
    if _bare(one.text) == _bare(other.text):
        gain += _MARK * (_marks(other.text) - _marks(one.text))
    return other if other.confidence + gain > one.confidence else one


def _signs_of(one: str, other: str) -> str:
    """The letters of the second reading between the signs of the first, which it reads better."""
    first, second = _INNER.match(one), _INNER.match(other)
    if not first or not second or not first.group(2) or not second.group(2):
        return other
    return f"{first.group(1)}{second.group(2)}{first.group(3)}"


def mean_confidence(words: Sequence[Word]) -> float:
    """Mean confidence of words by their letters, 0..100; 0 without words."""
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def _bare(text: str) -> str:
    split = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in split if not unicodedata.combining(char))


def _marks(text: str) -> int:
    return sum(bool(unicodedata.combining(c)) for c in unicodedata.normalize("NFD", text))
