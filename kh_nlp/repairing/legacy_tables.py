"""Vietnamese encodings from before Unicode, as they show when read as a western one.

A file in such an encoding, or a Word file set in its fonts, gives the characters that CP1252 (or,
where it has none, Latin-1) has for each byte: "Céng hßa" is TCVN3 for "Cộng hòa".
``data/legacy_encodings.tsv`` has the byte of each Vietnamese letter in TCVN3 (TCVN 5712:1993, as
far as the ABC fonts go), VISCII (RFC 1456) and VPS, and the characters of VNI for Windows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from kh_nlp.repairing.origins import UNCHANGED, Marks, composed, replaced, through

Encoding = Literal["tcvn3", "vni", "viscii", "vps", "cp1258", "utf8", "utf8-1258", "utf8-twice"]
"""``utf8`` is UTF-8 that was read as CP1252 or Latin-1, ``utf8-1258`` as CP1258, ``utf8-twice`` as
CP1252 two times; ``cp1258`` was read as CP1252."""

NAMES: dict[Encoding, str] = {
    "utf8": "UTF-8 bị đọc nhầm",
    "tcvn3": "TCVN3 (ABC)",
    "vni": "VNI",
    "cp1258": "CP1258",
    "utf8-twice": "UTF-8 bị đọc nhầm hai lần",
    "utf8-1258": "UTF-8 bị đọc nhầm theo CP1258",
    "viscii": "VISCII",
    "vps": "VPS",
}
"""What a user reads; the more usual encoding first."""

# UTF-8 needs a hard blank for "à" and "Ạ", a soft hyphen for "í" and "ậ". The blank is often taken
# for an ordinary one: inside a syllable it goes, else it stays unless another one follows. The
# hyphen is often dropped.
_TAIL = "nh|ng|ch|[mnpctiouy]|NH|NG|CH|[MNPCTIOUY]"
_END = r"(?![A-Za-z\x80-\uffff])"
_LOST = (
    rf"|(?P<à>Ã (?=(?:{_TAIL}){_END}|[\s.,;:)]|$)|Ã(?= ))|(?P<í>Ã(?=[A-Za-z]))"
    rf"|(?P<Ạ>áº (?=(?:{_TAIL}){_END}))|(?P<ậ>áº(?=[A-Za-z]))"
)
_OTHERS = re.compile("[^\x00-\x7f\xa0\xad“”‘’„‚–—…•«»°±²³´·×÷§©®¡¿€™†‡‰‹›\ufeff\u200b\ufffd]+")


@dataclass(frozen=True, slots=True)
class Table:
    """How one encoding is read.

    ``units`` finds its letters, of one, two or more characters, ``new`` gives what each stands
    for. ``single``: all have one character. ``others`` finds, where no unit is, characters that
    are neither ASCII nor signs used in any text.
    """

    units: re.Pattern[str]
    new: Callable[[re.Match[str]], str]
    single: dict[int, str] | None
    others: re.Pattern[str]

    def read(self, text: str) -> tuple[str, Marks]:
        """Text in Unicode (NFC), and where its characters stand in ``text``."""
        if self.single:
            out, marks = text.translate(self.single), UNCHANGED
        else:
            units = self.units.finditer(text)
            out, marks = replaced(text, [(m.start(), m.end(), self.new(m)) for m in units])
        whole, joined = composed(out)
        return (out, marks) if whole == out else (whole, through(joined, marks, len(whole)))

    def aliens(self, text: str) -> int:
        """How many stretches of ``text`` hold letters that the encoding does not have."""
        return len(self.others.findall(self.units.sub("", text)))


@cache
def table(encoding: Encoding) -> Table:
    """The table of an encoding; ``utf8-twice`` is ``utf8`` read two times and has none."""
    if encoding == "cp1258":
        return _codec()
    if encoding == "utf8":
        return _misread("cp1252", _LOST)
    if encoding == "utf8-1258":
        return _misread("cp1258")
    rows = _rows()
    column = rows[0].index(encoding)
    letters: dict[str, str] = {}
    for row in rows[1:]:
        unit = row[column]
        if encoding == "vni":
            letters[unit] = row[0]
            if len(unit) == 2:  # the case of the letter counts, not that of the mark after it
                letters[unit[0] + unit[1].swapcase()] = row[0]
        elif unit:
            letters.update(dict.fromkeys(characters(int(unit, 16)), row[0]))
    return _table(letters)


def characters(byte: int, codec: str = "cp1252") -> tuple[str, ...]:
    """The characters that a byte may be shown as: that of the codec, that of Latin-1."""
    shown = bytes([byte]).decode(codec, "replace")
    plain = chr(byte)
    return (plain,) if shown in (plain, "\ufffd") else (shown, plain)


@cache
def _rows() -> list[list[str]]:
    text = files("kh_nlp.repairing").joinpath("data/legacy_encodings.tsv").read_text("utf-8")
    return [line.split("\t") for line in text.splitlines()]


def _table(letters: dict[str, str]) -> Table:
    units = "|".join(map(re.escape, sorted(letters, key=len, reverse=True)))
    single = {ord(k): v for k, v in letters.items() if len(k) == 1}
    whole = len(single) == len(letters)
    return Table(
        re.compile(units), lambda unit: letters[unit[0]], single if whole else None, _OTHERS
    )


def _codec() -> Table:
    """CP1258 has letters for the vowels and combining marks for most tones."""
    letters: dict[str, str] = {}
    for byte in range(0xC0, 0x100):
        letter = bytes([byte]).decode("cp1258", "replace")
        if letter.isalpha() or "\u0300" <= letter <= "\u0323":
            letters[chr(byte)] = letter
    return _table(letters)


def _misread(codec: str, more: str = "") -> Table:
    """UTF-8 read as ``codec``: every letter beyond ASCII shows as two to four characters."""
    shown = {byte: characters(byte, codec) for byte in range(0x80, 0x100)}
    back = {char: byte for byte, chars in shown.items() for char in chars}
    known: dict[str, str] = {}

    def any_of(span: range) -> str:
        return "[" + re.escape("".join(char for byte in span for char in shown[byte])) + "]"

    def new(match: re.Match[str]) -> str:
        if match.lastgroup:
            return match.lastgroup
        unit = match[0]
        if unit not in known:
            try:
                known[unit] = bytes(back[char] for char in unit).decode("utf-8")
            except UnicodeDecodeError:
                known[unit] = unit
        return known[unit]

    tail = any_of(range(0x80, 0xC0))
    units = (
        f"{any_of(range(0xC2, 0xE0))}{tail}|{any_of(range(0xE0, 0xF0))}{tail}{{2}}"
        f"|{any_of(range(0xF0, 0xF5))}{tail}{{3}}{more}"
    )
    return Table(re.compile(units), new, None, _OTHERS)
