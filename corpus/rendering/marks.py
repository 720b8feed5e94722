"""Footnotes: which mark belongs to which note."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kh_nlp.reading import TextLine

from .layout import Note, Piece, Text

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_MARK = re.compile(r"(?<!\b[kcdm]m)(?<!\bm)[⁰¹²³⁴-⁹]{1,3}|\[\d{1,3}\]")


class Marks:
    """Deals the notes of a reading to the marks in its text, both in printed order."""

    def __init__(self, text: str, lines: Sequence[TextLine]) -> None:
        self._waiting: dict[str, list[Note]] = {}
        self._order: list[Note] = []
        for line in lines:
            if line.kind == "note" and (match := _MARK.match(text, line.start, line.end)):
                note = Note(_label(match), text[match.end() : line.end].strip())
                self._waiting.setdefault(note.label, []).append(note)

    def pieces(self, words: str) -> Text:
        """``words`` with the marks of known notes set apart, each note used once."""
        out: list[Piece] = []
        at = 0
        for match in _MARK.finditer(words):
            waiting = self._waiting.get(_label(match))
            if not waiting:
                continue
            if match.start() > at:
                out.append(Piece(words[at : match.start()]))
            self._order.append(waiting.pop(0))
            out.append(Piece(match.group(), len(self._order) - 1))
            at = match.end()
        if at < len(words):
            out.append(Piece(words[at:]))
        return tuple(out)

    def notes(self) -> tuple[Note, ...]:
        """The notes in the order of their marks."""
        return tuple(self._order)

    def leftover(self) -> Text:
        """Marks for the notes whose own was never met."""
        out = []
        for label, waiting in self._waiting.items():
            for note in waiting:
                self._order.append(note)
                out.append(Piece(superscript(label), len(self._order) - 1))
            waiting.clear()
        return tuple(out)


def superscript(label: str) -> str:
    """A number as superscript digits."""
    return label.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _label(match: re.Match[str]) -> str:
    return match.group().strip("[]").translate(_SUPERSCRIPTS)
