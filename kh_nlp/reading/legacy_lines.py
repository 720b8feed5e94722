"""Passages in TCVN3, VNI and other old encodings become Unicode on the way from file to lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kh_nlp.reading.lines import Line, tidy
from kh_nlp.reading.tables import Item, Row
from kh_nlp.repairing.legacy import Passage, find_passages, read
from kh_nlp.repairing.legacy_tables import NAMES, Encoding
from kh_nlp.repairing.origins import UNCHANGED, Marks, offset_of, origin, through

_DROPPED = "\u00ad\u00a0"  # letters in some encodings that are taken for needless at an end


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A decoded file in Unicode. ``marks``: offsets in ``text``, offsets in the decoded file."""

    text: str
    marks: Marks
    passages: tuple[Passage, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """A Vietnamese sentence for each encoding met."""
        counts = Counter(passage.encoding for passage in self.passages)
        return tuple(
            f"{counts[encoding]} đoạn viết bằng bảng mã {name}, đã chuyển sang Unicode."
            for encoding, name in NAMES.items()
            if counts[encoding]
        )

    def located(self, lines: Sequence[Line]) -> list[Line]:
        """Lines of the rewritten text with marks that point into the decoded file."""
        return [
            replace(line, marks=through(line.marks, self.marks, len(line.text))) for line in lines
        ]


def rewrite(text: str) -> Rewritten | None:
    """A decoded file with its old passages in Unicode; ``None`` when there are none."""
    passages = find_passages(text)
    if not passages:
        return None
    pieces: list[str] = []
    marks: list[tuple[int, int]] = []
    at = length = 0
    for passage in passages:
        new, inner = read(text[passage.start : passage.end], passage.encoding)
        kept = text[at : passage.start]
        marks.append((length, at))
        length += len(kept)
        marks += [(length + after, passage.start + before) for after, before in inner]
        pieces += (kept, new)
        length += len(new)
        at = passage.end
    marks.append((length, at))
    pieces.append(text[at:])
    return Rewritten("".join(pieces), _once(marks), tuple(passages))


def reread(items: Sequence[Item], met: str) -> tuple[list[Item], tuple[str, ...]]:
    """The same for lines made of ``met``, the decoded file of a format that is no text.

    The lines are made anew from what was met: some encodings write letters with characters that
    cleaning drops. Also returns what the user should know.
    """
    found = rewrite(met)
    if found is None:
        return list(items), ()
    new: list[Item] = [
        replace(item, cells=tuple(tuple(_anew(x, met, found) for x in cell) for cell in item.cells))
        if isinstance(item, Row)
        else _anew(item, met, found)
        for item in items
    ]
    return new, found.warnings


def _anew(line: Line, met: str, found: Rewritten) -> Line:
    start, end = line.marks[0][1], origin(line.marks, len(line.text) - 1) + 1
    encoding = _encoding(found.passages, start, end)
    if encoding is None:
        return line
    while start and met[start - 1] in _DROPPED:
        start -= 1
    while end < len(met) and met[end] in _DROPPED:
        end += 1
    if _tidied(met[start:end], start, line).text != line.text:  # the reader wrote it otherwise
        text, marks = read(line.text, encoding)
        return replace(line, text=text, marks=through(marks, line.marks, len(text)))
    first, last = offset_of(found.marks, start), offset_of(found.marks, end)
    made = _tidied(found.text[first:last], first, line)
    return replace(line, text=made.text, marks=through(made.marks, found.marks, len(made.text)))


def _tidied(text: str, offset: int, line: Line) -> Line:
    return tidy(text.replace("\t", " "), offset, line.page, line.number)


def _encoding(passages: Sequence[Passage], start: int, end: int) -> Encoding | None:
    """The encoding of the passage that a stretch of the decoded file lies in."""
    return next((p.encoding for p in passages if p.start < end and start < p.end), None)


def _once(marks: Sequence[tuple[int, int]]) -> Marks:
    """Marks in order, one an offset."""
    return tuple(sorted(dict(marks).items())) or UNCHANGED
