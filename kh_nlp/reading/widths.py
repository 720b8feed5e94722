"""How wide a line is in print, to tell a full line from a short one.

Official documents are set in Times New Roman (Nghị định 30/2020/NĐ-CP, annex I); counting letters
would take "tỉnh, tiết" for as long as "MƯỜNG". Units: thousandths of the type size.
"""

from __future__ import annotations

import unicodedata

_TIMES = {
    "a": 444, "b": 500, "c": 444, "d": 500, "e": 444, "f": 333, "g": 500, "h": 500, "i": 278,
    "j": 278, "k": 500, "l": 278, "m": 778, "n": 500, "o": 500, "p": 500, "q": 500, "r": 333,
    "s": 389, "t": 278, "u": 500, "v": 500, "w": 722, "x": 500, "y": 500, "z": 444, "đ": 500,
    "A": 722, "B": 667, "C": 667, "D": 722, "E": 611, "F": 556, "G": 722, "H": 722, "I": 333,
    "J": 389, "K": 722, "L": 611, "M": 889, "N": 722, "O": 722, "P": 556, "Q": 722, "R": 667,
    "S": 556, "T": 611, "U": 722, "V": 722, "W": 944, "X": 722, "Y": 722, "Z": 611, "Đ": 722,
    " ": 250, ".": 250, ",": 250, ";": 278, ":": 278, "-": 333, "(": 333, ")": 333, "–": 500,
    "/": 278, "“": 444, "”": 444, "!": 333, "'": 180, '"': 408,
}  # fmt: skip
_OTHER = 500


class _Widths(dict[str, int]):
    """Widths by letter; an accented one is as wide as its base and is remembered."""

    def __missing__(self, char: str) -> int:
        width = self[char] = _TIMES.get(unicodedata.normalize("NFD", char)[0], _OTHER)
        return width


_WIDTHS = _Widths(_TIMES)


def printed_width(text: str) -> int:
    """Width of ``text`` in thousandths of the type size; accents take no room."""
    return sum(map(_WIDTHS.__getitem__, text))
