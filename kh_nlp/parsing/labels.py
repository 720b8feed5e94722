"""Labels of the outline: how a unit of a plan is numbered, read from the start of a line.

Styles follow Nghị định 30/2020/NĐ-CP and its predecessors: Phần, Chương, A, I, 1, 1.1, a), (1),
Điều.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from kh_nlp.language import letters

Style = Literal[
    "part", "chapter", "upper", "roman", "article", "arabic", "bracket", "decimal", "letter"
]

RANK: dict[Style, int] = {
    "part": 0,
    "chapter": 1,
    "upper": 2,
    "roman": 3,
    "article": 4,
    "arabic": 5,
    "decimal": 6,
    "letter": 7,
    "bracket": 8,
}
"""Usual depth of a style; only the upper ones (below 5) are never nested under lower ones."""

LETTERS = "abcdđefghijklmnopqrstuvwxyz"
_UPPER = "ABCDĐEFGHIJKLMNOPQRSTUVWXYZ"
_ORDINALS = {
    "nhất": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7,
    "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip

_FIRST = frozenset(f"0123456789(PC{LETTERS}{_UPPER}")  # what a label can begin with
_PART = re.compile(
    r"^(Phần|PHẦN|Chương|CHƯƠNG)\s+(?:(?:thứ|THỨ)\s+(\w+)|([IVXLC]+|\d{1,2})\b)\s*[.:\-–]?\s*"
)
_ARTICLE = re.compile(r"^(?:Điều|ĐIỀU)\s+(\d{1,3})\s*[.:]\s*")
_ROMAN = letters(
    r"^([IVXLl1]{1,7})\s?([.)]|[/-](?=\s)|(?=\s+[\p{Lu}]{2,}(?:,?\s+[\p{Lu}]{2,})+))\s*"
)
_UPPER_LETTER = re.compile(rf"^([{_UPPER}])\s?([.)]|[/-](?=\s))\s+")
_DECIMAL = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){1,3})\s?([.)]|[/-](?=\s)|(?=\s))\s*(?=\S)")
_ROMAN_DECIMAL = re.compile(
    r"^[IVX]{1,5}((?:\.\d{1,2}){1,3})\s?(?:[.)]|[/-](?=\s)|(?=\s))\s*(?=\S)"
)
_MIXED = re.compile(rf"^\d{{1,2}}(?:\.\d{{1,2}})*\.([{LETTERS}])[.)]\s*(?=\S)")
_ARABIC = re.compile(
    # "4, Ủy ban": the dot as OCR engines print it
    r"^(\d{1,2})(?:\s?(?:\.|,(?=\s[A-ZĐỦÂÔ])|[/-](?=\s+\D)|\)(?!\s*[,;]))\s*(?=\D|$)|[/-]\s+(?=\d))"
)
_BRACKET = re.compile(r"^\((\d{1,2}|[a-zđ])\)\s*")
_LETTER = re.compile(rf"^([{LETTERS}])\s?(\)|\.(?=\s)|(?<=\w)[/-](?=\s))\s*")


@dataclass(frozen=True, slots=True)
class Label:
    """One reading of a label. ``print`` is what goes into a path, ``end`` where the text begins."""

    style: Style
    ordinal: int
    print: str
    end: int
    prefix: tuple[int, ...] = ()


def roman_value(text: str) -> int | None:
    """Value of a Roman numeral below 90, ``None`` when it is malformed."""
    if not re.fullmatch(r"(?:X{1,3}|XL|L|LX{1,3})?(?:I{1,3}|IV|V|VI{1,3}|IX)?", text) or not text:
        return None
    values = {"I": 1, "V": 5, "X": 10, "L": 50}
    total = 0
    for here, after in zip(text, text[1:] + " ", strict=True):
        value = values[here]
        total += -value if values.get(after, 0) > value else value
    return total


def read_labels(line: str) -> list[Label]:
    """All readings of the label a line begins with, likeliest first; empty when it has none.

    "C." may be the third upper-case letter or the Roman hundred, "i)" a letter or a Roman one: the
    outline decides by what came before.
    """
    if line[:1] not in _FIRST:
        return []
    for reader in (_part, _article, _mixed, _roman_decimal, _decimal):
        certain = reader(line)
        if certain is not None:
            return certain
    return [label for label in _simple(line) if label.ordinal > 0]


def _part(line: str) -> list[Label] | None:
    match = _PART.match(line)
    if not match:
        return None
    ordinal = _part_ordinal(match)
    style: Style = "part" if match.group(1).lower() == "phần" else "chapter"
    printed = re.sub(r"\s+", " ", re.sub(r"[\s.:\-–]+$", "", match.group()))
    return [Label(style, ordinal, printed, match.end())] if ordinal else []


def _article(line: str) -> list[Label] | None:
    match = _ARTICLE.match(line)
    if not match:
        return None
    return [Label("article", int(match.group(1)), f"Điều {match.group(1)}", match.end())]


def _mixed(line: str) -> list[Label] | None:
    """Read "4.1.a." as a letter in the list of 4.1."""
    match = _MIXED.match(line)
    if not match:
        return None
    letter = match.group(1)
    return [Label("letter", LETTERS.index(letter) + 1, letter, match.end())]


def _roman_decimal(line: str) -> list[Label] | None:
    """Read "II.1." as 1 in the list of II, and "II.1.2." as 1.2."""
    match = _ROMAN_DECIMAL.match(line)
    if not match:
        return None
    numbers = tuple(int(part) for part in match.group(1)[1:].split("."))
    if not all(numbers):
        return []
    printed = ".".join(map(str, numbers))
    if len(numbers) == 1:
        return [Label("arabic", numbers[0], printed, match.end())]
    return [Label("decimal", numbers[-1], printed, match.end(), numbers[:-1])]


def _decimal(line: str) -> list[Label] | None:
    match = _DECIMAL.match(line)
    if not match:
        return None
    numbers = tuple(int(part) for part in match.group(1).split("."))
    following = line[match.end() : match.end() + 1]
    if numbers[0] and (match.group(2) or following.isupper() or following in '“"('):
        return [Label("decimal", numbers[-1], match.group(1), match.end(), numbers[:-1])]
    return []


def _simple(line: str) -> list[Label]:
    found: list[Label] = []
    if match := _ROMAN.match(line):
        value = _roman_ordinal(match.group(1))
        if value:
            printed = match.group(1).replace("l", "I").replace("1", "I")
            found.append(Label("roman", value, printed, match.end()))
    if match := _UPPER_LETTER.match(line):
        letter = match.group(1)
        found.append(Label("upper", _UPPER.index(letter) + 1, letter, match.end()))
    if match := _ARABIC.match(line):
        found.append(Label("arabic", int(match.group(1)), str(int(match.group(1))), match.end()))
    if match := _BRACKET.match(line):
        printed = match.group(1)
        ordinal = int(printed) if printed.isdigit() else LETTERS.index(printed) + 1
        found.append(Label("bracket", ordinal, printed, match.end()))
    if match := _LETTER.match(line):
        letter = match.group(1)
        found.append(Label("letter", LETTERS.index(letter) + 1, letter, match.end()))
    return found


def _roman_ordinal(text: str) -> int | None:
    """Roman value; an OCR engine's "l" or "1" counts as I beside a real numeral letter."""
    if not re.search(r"[IVXL]", text):
        return None
    return roman_value(text.replace("l", "I").replace("1", "I"))


def _part_ordinal(match: re.Match[str]) -> int | None:
    if match.group(2):
        return _ORDINALS.get(match.group(2).lower())
    text = match.group(3)
    return int(text) if text.isdigit() else roman_value(text)
