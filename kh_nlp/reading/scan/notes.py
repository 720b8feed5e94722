"""Footnotes: raised digits found by their place, where the engine reads quotes and signs.

A mark is a small separate shape that stands well above the line its neighbours stand on, with
nothing below it. A note is a line of smaller type at the foot of the page that begins with such a
digit, or with a digit of any kind. Units: pixels; sizes are type sizes (em).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kh_nlp.reading.scan.deskew import ink, shapes
from kh_nlp.reading.scan.grid import Box
from kh_nlp.reading.scan.printed import PrintedLine, body_size
from kh_nlp.reading.scan.tesseract import Gray, TesseractError, read_digits
from kh_nlp.reading.widths import printed_width

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_GARBLED = r"[\d'’‘”“\"`´*°º^~?!⁄/ˆ˜¬Ì§$£€©®™]"
_MARKED = re.compile(
    rf"^(?P<word>.*?[^\W_]|.*?[)”\"])(?P<mark>{_GARBLED}{{1,3}})?(?P<end>[.,;:)]*)$"
)
_NOTE_LABEL = re.compile(r"^(?:\d{1,2}|.)$")  # a digit, or whatever a digit was read as
_SMALL = 0.86  # type of notes against that of the text: 10 or 11 points against 13 or 14


@dataclass(frozen=True, slots=True)
class Mark:
    """A raised shape in a line: the word it follows, and the digits it was read as."""

    line: int
    word: int
    box: Box
    label: int | None = None


def mark_notes(gray: Gray, lines: Sequence[PrintedLine], timeout: float) -> list[PrintedLine]:
    """Lines with marks and labels of notes as raised digits ("CCHC¹", "¹ Nghị quyết …")."""
    if not lines:
        return []
    usual = body_size(lines)
    foot = _foot(lines, usual)
    marks = [
        mark
        for index, line in enumerate(lines)
        for mark in _raised(gray, line, index)
        if line.words
    ]
    heads = _heads(lines, foot, marks)
    if not marks and not heads:
        return list(lines)
    inner = [mark for mark in marks if mark.line not in heads]
    places = [heads[index] for index in sorted(heads)] + [mark.box for mark in inner]
    digits = _read(gray, places, timeout)
    labels = _in_sequence(digits[: len(heads)])
    seen = _matched(inner, digits[len(heads) :], labels, lines)
    out = list(lines)
    for mark in seen:
        out[mark.line] = _with_mark(out[mark.line], mark)
    for index, label in zip(sorted(heads), labels, strict=True):
        out[index] = _with_label(out[index], label)
    return _whole_notes(out, sorted(heads))


def _foot(lines: Sequence[PrintedLine], usual: float) -> range:
    """The lines of smaller type that end the page."""
    start = len(lines)
    while start and lines[start - 1].size < _SMALL * usual and not lines[start - 1].in_cell:
        start -= 1
    return range(start, len(lines))


def _raised(gray: Gray, line: PrintedLine, index: int) -> list[Mark]:

    size, base = line.size, line.baseline
    left, top, right, _ = line.box
    y0, y1 = max(0, int(min(top, base - size))), int(base + 0.25 * size)
    x0 = max(0, left - int(0.8 * size))  # the engine may have left out the label
    part = gray[y0:y1, x0 : right + int(0.5 * size)]
    _, stats = shapes(ink(part, 185))  # thin strokes of small type are gray
    seen = [
        (s[0] + x0, s[1] + y0, s[0] + s[2] + x0, s[1] + s[3] + y0)
        for s in stats[1:].tolist()
        if s[4] >= 12
    ]
    found = [
        box
        for box in seen
        if 0.27 * size <= box[3] - box[1] <= 0.52 * size
        and 0.05 * size <= box[2] - box[0] <= 0.36 * size
        and box[3] <= base - 0.2 * size
        and base - 1.0 * size <= box[1] <= base - 0.48 * size
        and not any(other[3] > box[3] and _shares_columns(box, other) for other in seen)
    ]
    marks: list[Mark] = []
    for box in _two_digits(found, size):
        word = _word_at(line, box)
        if word is not None:
            marks.append(Mark(index, word, box))
    return marks


def _shares_columns(box: Box, other: Box) -> bool:
    return min(box[2], other[2]) - max(box[0], other[0]) > 0.25 * (box[2] - box[0])


def _two_digits(boxes: Sequence[Box], size: float) -> list[Box]:
    """Digits side by side are one number."""
    out: list[Box] = []
    for box in sorted(boxes):
        if out and box[0] - out[-1][2] < 0.12 * size:
            last = out.pop()
            box = (last[0], min(last[1], box[1]), box[2], max(last[3], box[3]))
        out.append(box)
    return out


def _word_at(line: PrintedLine, box: Box) -> int | None:
    """The word that a raised shape belongs to: the one it lies in or stands behind."""
    best = None
    for index, word in enumerate(line.words):
        if word.left - 0.2 * line.size <= box[0]:
            best = index
    if best is None:
        return 0 if box[2] < line.words[0].right else None
    return best if box[0] - line.words[best].right < 0.25 * line.size else None


def _heads(lines: Sequence[PrintedLine], foot: range, marks: Sequence[Mark]) -> dict[int, Box]:
    """Lines of the foot that begin a note, with the place of its label."""
    raised = {
        mark.line: mark.box
        for mark in marks
        if mark.line in foot and mark.box[0] - lines[mark.line].box[0] < 0.5 * lines[mark.line].size
    }
    heads: dict[int, Box] = {}
    for index in foot:
        words = lines[index].words
        if index in raised:
            heads[index] = raised[index]
        elif (
            len(words) > 2
            and _NOTE_LABEL.match(words[0].text)
            and words[1].text[:1].isupper()
            and (index == foot.start or lines[index].after_blank)
        ):
            first = words[0]
            heads[index] = (first.left, first.top, first.right, first.bottom)
    return heads


def _read(gray: Gray, boxes: Sequence[Box], timeout: float) -> list[int | None]:
    """Numbers printed in small boxes: enlarged, set side by side, read as digits in one call."""
    import cv2
    import numpy as np

    height, gap = 44, 90
    tiles = []
    for left, top, right, bottom in boxes:
        part = gray[top:bottom, max(0, left) : right]
        factor = height / max(1, bottom - top)
        width = max(6, round(part.shape[1] * factor))
        tiles.append(cv2.resize(part, (width, height), interpolation=cv2.INTER_CUBIC))
    sheet = np.full((height + 60, sum(t.shape[1] + gap for t in tiles) + gap), 255, np.uint8)
    at = gap
    for tile in tiles:
        sheet[30 : 30 + height, at : at + tile.shape[1]] = tile
        at += tile.shape[1] + gap
    try:
        words = read_digits(sheet, timeout)
    except TesseractError:
        words = []
    return _shared_out("".join(word.text for word in words), boxes)


def _shared_out(digits: str, boxes: Sequence[Box]) -> list[int | None]:
    """The digits read, given to the boxes in their order; a narrow box holds one digit.

    The engine takes digits set far apart for one number as often as not, so that its words tell
    nothing; when it saw more or fewer digits than there are, none is believed.
    """
    counts = [1 if box[2] - box[0] < 0.85 * (box[3] - box[1]) else 2 for box in boxes]
    if not digits.isdigit() or len(digits) != sum(counts):
        return [None] * len(boxes)
    out: list[int | None] = []
    at = 0
    for count in counts:
        out.append(int(digits[at : at + count]) or None)
        at += count
    return out


def _whole_notes(lines: list[PrintedLine], heads: Sequence[int]) -> list[PrintedLine]:
    """The lines with those of a note flagged as going on with the line above and nothing else."""
    if not heads:
        return lines
    return [
        replace(line, in_cell=True, after_blank=False)
        if index > heads[0] and index not in heads
        else line
        for index, line in enumerate(lines)
    ]


def _in_sequence(read: Sequence[int | None]) -> list[int]:
    """Labels of the notes of one page: they count up by one from what most of them say.

    All 0 when none could be read: the pages before tell (``labels.settle_labels``).
    """
    starts = Counter(value - index for index, value in enumerate(read) if value)
    if not starts:
        return [0] * len(read)
    start = max(1, starts.most_common(1)[0][0])
    return [start + index for index in range(len(read))]


def _matched(
    marks: Sequence[Mark],
    read: Sequence[int | None],
    labels: Sequence[int],
    lines: Sequence[PrintedLine],
) -> list[Mark]:
    """Marks with the label each stands for; those that no note of the page answers to are dropped.

    Closing quotes and broken letters look like marks, but no note stands at the foot for them.
    """
    told = [replace(m, label=value) for m, value in zip(marks, read, strict=True)]
    if len(told) > len(labels):
        told = [mark for mark in told if mark.label in labels or _garbled(lines, mark)]
    if len(told) == len(labels):
        return [replace(mark, label=label) for mark, label in zip(told, labels, strict=True)]
    return [mark for mark in told if mark.label in labels]


def _garbled(lines: Sequence[PrintedLine], mark: Mark) -> bool:
    """Whether the engine read a sign at the end of the word before the mark."""
    match = _MARKED.match(lines[mark.line].words[mark.word].text)
    return bool(match and match.group("mark"))


def _with_mark(line: PrintedLine, mark: Mark) -> PrintedLine:
    words = list(line.words)
    word = words[mark.word]
    label = str(mark.label)
    match = _MARKED.match(word.text)
    if match is None:
        return line
    before, sign, end = match.group("word"), match.group("mark") or "", match.group("end")
    if before[-1:].isdigit():
        if mark.box[0] - word.left < _width(before, line.size) - 0.6 * line.size:
            return line  # the mark stands inside of what was read as one word
        read = re.sub(r"\D.*", "", sign)  # digits of the number itself, and perhaps the mark
        before += read if read != sign else _number_before(before, sign, label, line, mark)
    elif sign.isdigit() and sign != label and sign.endswith(label):
        before += sign[: -len(label)]
    words[mark.word] = replace(word, text=f"{before}{label.translate(RAISED)}{end}")
    return replace(line, words=tuple(words), text=" ".join(w.text for w in words))


def _number_before(before: str, sign: str, label: str, line: PrintedLine, mark: Mark) -> str:
    """The digits of ``sign`` that belong to the number before the mark ("06" in "063").

    Told by the place of the mark: they end where it begins.
    """
    room = mark.box[0] - line.words[mark.word].left
    kept = sign[: -len(label)]
    return min((sign, kept), key=lambda d: abs(_width(before + d, line.size) - room))


def _width(text: str, size: float) -> float:
    return float(printed_width(text)) * size / 1000


def _with_label(line: PrintedLine, label: int) -> PrintedLine:
    words = list(line.words)
    first = words[0].text
    rest = re.sub(r"^[\d\W]+", "", first) if not _NOTE_LABEL.match(first) else ""
    if rest:
        words[0] = replace(words[0], text=rest)
    else:
        words = words[1:]
    printed = str(label).translate(RAISED)
    text = " ".join([printed, *(word.text for word in words)])
    return replace(line, text=text, words=tuple(words), after_blank=True)
