"""Where the words of a line stand on a page whose look is kept by blanks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kh_nlp.reading.lines import Line


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a line between wide gaps: characters ``start:end`` of it, from column ``at``."""

    start: int
    end: int
    at: int

    @property
    def ends(self) -> int:
        """The column behind its last character."""
        return self.at + self.end - self.start


@dataclass(frozen=True, slots=True)
class Placed:
    """A line and where its words stand on the page."""

    line: Line
    pieces: tuple[Piece, ...]

    @property
    def indent(self) -> int:
        """The column of its first character."""
        return self.pieces[0].at

    @property
    def ends(self) -> int:
        """The column behind its last character."""
        return self.pieces[-1].ends

    def words(self, piece: Piece) -> str:
        """What a piece says."""
        return self.line.text[piece.start : piece.end]

    def cut(self, pieces: Sequence[Piece]) -> Line:
        """The part of the line that some neighbouring pieces make up."""
        return self.line.part(pieces[0].start, pieces[-1].end)


def place(line: Line, text: str) -> Placed:
    """``line`` with its pieces; ``text`` is what its marks point into."""
    first = line.marks[0][1] if line.marks else 0
    begin = max(text.rfind("\n", 0, first), text.rfind("\f", 0, first)) + 1
    pieces: list[Piece] = []
    start, at = 0, first - begin
    for (here, origin), (there, following) in pairwise(line.marks):
        gap = (following - origin) - (there - here)
        if gap > 0 and not text[origin + there - here : following].strip():
            end = len(line.text[:there].rstrip())
            if end > start:
                pieces.append(Piece(start, end, at))
            start, at = there, following - begin
    pieces.append(Piece(start, len(line.text), at))
    return Placed(line, tuple(pieces))
