"""Damaged text to words: what may be repaired, what stays, and how a repaired word is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["word", "fixed", "mark"]
"""``word`` may be repaired; ``fixed`` (number, code, address) stays; ``mark`` is punctuation."""

_TOKEN = re.compile(r"\S+")
_LEAD = re.compile(r"^[(\[<“”\"'‘’«*•·…–—_=+~.,;:|\\/-]+")
# ' ’ ? ! | are what an engine makes of hooks and tones at the end of a word: they stay with it,
# unless the text was typed.
_TAIL = re.compile(r"[)\]>“”\"»*•·…–—_=+~.,;:\\/-]+$")
_TYPED_TAIL = re.compile(r"[)\]>“”\"'’»*•·…–—_=+~.,;:!?|\\/-]+$")
_ADDRESS = re.compile(r"https?:|www\.|@\w+\.|\.(?:vn|com|org|net|gov|edu|htm|html|pdf|doc)\b", re.I)
_DIGITS = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]")
# With a unit behind it ("5G", "30m"), but for "1a" and "6n", which are "là" and "ổn" misread.
_NUMBER = re.compile(r"^[$+-]?\d[\d.,:/%x-]*%?$|^(?:[2-57-9]|\d{2,})[a-zđ]{1,2}\d?$", re.I)
_CODE = re.compile(r"\d.*[/_]|[/_].*\d|[A-ZĐ]{2,}.*[/-].*[A-ZĐ]{2,}|[A-ZĐ]\w*[-/]\w*[A-ZĐ]{2,}")
_ROMAN = re.compile(r"^(?=.*[IVX1l|])[IVX1l|]{1,5}$")
_PART = re.compile(r"[^-/–]+")
_LETTER_LIKE = str.maketrans("1l|", "III")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the text between blanks, taken apart.

    ``start`` is the offset of ``core`` in the text, ``read`` what stands there: the same, or with
    a blank inside. ``ends``: a sentence ends behind it. ``apart``: a blank is missing before it.
    """

    core: str
    start: int
    kind: Kind
    ends: bool
    read: str
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a restored text.

    ``start`` counts characters of the text before; ``read`` stood there and is now ``text``.
    ``confidence`` is the posterior probability in 0..1, calibrated on pages of their own.
    """

    start: int
    read: str
    text: str
    confidence: float


def tokenize(text: str, *, typed: bool = False) -> list[Token]:
    """Words of ``text`` in order, parted by blanks and punctuation only.

    ``typed``: a quote or a question mark at the end of a word is one, no misread letter.
    """
    at_end = _TYPED_TAIL if typed else _TAIL
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        whole = match.group()
        lead = _LEAD.match(whole)
        first = lead.end() if lead else 0
        tail = at_end.search(whole, first)
        last = tail.start() if tail else len(whole)
        if last <= first:
            found.append(Token(whole, match.start(), "mark", whole[-1] in ".;:!?", whole))
            continue
        core = whole[first:last]
        ends = whole[last : last + 1] in {".", ";", ":", "!", "?"}
        start, kind = match.start() + first, _kind(core)
        parts = list(_PART.finditer(core)) if kind == "word" else []
        if len(parts) > 1 and all(len(part.group()) > 1 for part in parts):  # "tin-bài"
            found += [
                Token(p.group(), start + p.start(), "word", False, p.group()) for p in parts[:-1]
            ]
            core, start = parts[-1].group(), start + parts[-1].start()
        found.append(Token(core, start, kind, ends, core))
    return found


def _kind(core: str) -> Kind:
    if not _LETTERS.search(core):
        # "6" may be "ổ", but nothing tells it from a number.
        return "fixed" if _DIGITS.search(core) else "mark"
    if _NUMBER.match(core) or _CODE.search(core) or _ADDRESS.search(core):
        return "fixed"
    return "word"


def roman(core: str, opens_line: bool) -> str | None:
    """The Roman numeral that a label at the head of a line was before OCR ("I11" is "III")."""
    if not opens_line or not _ROMAN.match(core) or core.isdigit() or len(core) < 2:
        return None
    numeral = core.translate(_LETTER_LIKE)
    return numeral if numeral != core else None


def cased(word: str, like: str, capitals: bool) -> str:
    """``word`` (lower case) written with the capitals of what it was read as.

    ``capitals``: the words around it are set in capitals. Elsewhere two or three of them ("NOi",
    "BO") are what an engine makes of a capital and a small letter with marks.
    """
    letters = [char for char in like if char.isalpha()]
    upper = sum(char.isupper() for char in letters)
    if upper > 1 and upper >= 0.5 * len(letters) and (capitals or len(letters) > 3):
        return word.upper()
    if letters and like[:1].isupper():
        return word[:1].upper() + word[1:]
    return word
