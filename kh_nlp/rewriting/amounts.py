"""Numbers of a text with their value, unit and bound, in figures and in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from kh_nlp.language import search_key
from kh_nlp.rewriting.words import Word, alternatives, phrases, words

Bound = Literal["exactly", "at_least", "at_most", "about", "within"]
Taken = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number at ``start:end`` of a text.

    ``unit`` is one whose change changes the sense ("%", "đồng", "ngày làm việc") or ``None``;
    ``noun`` holds the first words after it, what it counts as far as that is certain.
    """

    value: Decimal
    unit: str | None
    noun: tuple[str, ...]
    bound: Bound
    start: int
    end: int
    article: bool = False


_DIGITS = re.compile(
    r"(?<![\w.,/])(?P<value>\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[,.]\d+)?)(?![\w/]|[.,]\d)"
)
_COMPOSED = re.compile(r"(?<![\w/])\d+(?:[/:]\d+)+(?![\w/])|(?<![\w/])\d{1,2}h\d{0,2}(?!\w)")
_POWERS = {"nghìn": 3, "ngàn": 3, "triệu": 6, "tỷ": 9, "tỉ": 9, "vạn": 4}
_ONES = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8,
    "chín": 9,
}  # fmt: skip
_AFTER_TEN = {**_ONES, "mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5}
# What makes "năm" a year although a noun follows: "hằng năm", "cuối năm".
_YEAR_BEFORE = frozenset(
    [
        "hằng",
        "hàng",
        "mỗi",
        "trong",
        "cuối",
        "đầu",
        "cả",
        "hết",
        "các",
        "từng",
        "giữa",
        "nhiều",
        "qua",
        "sang",
        "tới",
        "này",
        "đến",
        "một",
        "của",
        "theo",
        "khi",
        "vào",
        "quý",
        "tháng",
        "số",
    ]
)


@lru_cache(maxsize=512)
def find_amounts(text: str, taken: Taken = ()) -> tuple[Amount, ...]:
    """The numbers of ``text`` outside the ``taken`` stretches (dates, numbers of documents)."""
    lowered = search_key(text)
    if len(lowered) != len(text):
        lowered = text.lower()
    found = [
        _amount(lowered, _value(match["value"]), match.start(), match.end())
        for match in _DIGITS.finditer(text)
        if not _overlaps(match.start(), match.end(), taken)
    ]
    for value, start, end in _spelled(text):
        if not _overlaps(start, end, taken) and not any(a.start <= start < a.end for a in found):
            found.append(_amount(lowered, Decimal(value), start, end, spelled=True))
    return tuple(sorted(found, key=lambda amount: amount.start))


def composed(text: str, taken: Taken = ()) -> list[tuple[str, int, int]]:
    """Figures that are no single number ("24/24", "7h30", "2/3"), leading zeros dropped."""
    return [
        (re.sub(r"\b0+(?=\d)", "", match[0].replace("h", ":")), match.start(), match.end())
        for match in _COMPOSED.finditer(text.lower())
        if not _overlaps(match.start(), match.end(), taken)
    ]


def _overlaps(start: int, end: int, taken: Taken) -> bool:
    return any(a < end and start < b for a, b in taken)


def _value(printed: str) -> Decimal:
    """Vietnamese numerals: a point groups thousands, a comma begins the decimals; "4.0" is 4,0."""
    if re.fullmatch(r"\d+\.\d+", printed) and not re.fullmatch(r"\d{1,3}\.\d{3}", printed):
        return Decimal(printed)
    return Decimal(printed.replace(".", "").replace(",", "."))


@cache
def _strict_unit() -> re.Pattern[str]:
    return re.compile(rf"\s*(?P<unit>{alternatives('units', 'strict')}|%|phần trăm)(?!\w)")


_POWER = re.compile(rf"\s*(?P<power>{'|'.join(_POWERS)})(?!\w)")


def _amount(text: str, value: Decimal, start: int, end: int, *, spelled: bool = False) -> Amount:
    article = spelled and value == 1
    while power := _POWER.match(text, end):
        value *= Decimal(10) ** _POWERS[power["power"]]
        end = power.end()
    unit = None
    if match := _strict_unit().match(text, end):
        unit = {"phần trăm": "%"}.get(match["unit"], match["unit"])
        if unit == "%":
            end = match.end()
    noun = () if unit == "%" else _noun(text, end)
    return Amount(value, unit, noun, _bound(text, start, end), start, end, article)


def _noun(text: str, end: int) -> tuple[str, ...]:
    """Up to two words right after the number, nothing but blanks in between."""
    match = re.compile(r"\s+([^\W\d_]+)(?:[ \u00a0]+([^\W\d_]+))?").match(text, end)
    return tuple(word for word in match.groups() if word) if match else ()


@cache
def _bounds() -> tuple[re.Pattern[str], re.Pattern[str]]:
    kinds = ("at_least", "at_most", "about", "within")
    groups = "|".join(f"(?P<{kind}>{alternatives('bounds', kind)})" for kind in kinds)
    between = alternatives("bounds", "between")
    above, below = (alternatives("bounds", f"after_{k}") for k in ("at_least", "at_most"))
    return (
        re.compile(rf"(?<!\w)(?:{groups})(?:\s+(?:{between}))*\s*$"),
        re.compile(rf"[^.,;:\d\n]{{0,60}}?(?:(?P<at_least>{above})|(?P<at_most>{below}))(?!\w)"),
    )


def _bound(text: str, start: int, end: int) -> Bound:
    before, after = _bounds()
    if match := after.match(text, end):
        return match.lastgroup  # type: ignore[return-value]
    # The longest phrase wins: "không quá" ends where "quá" ends.
    hits = [m for at in range(max(0, start - 30), start) if (m := before.match(text[:start], at))]
    if not hits:
        return "exactly"
    first = min(hits, key=lambda m: m.start())
    return first.lastgroup  # type: ignore[return-value]


def _spelled(text: str) -> list[tuple[int, int, int]]:
    """Numbers in words with their place: "mười bảy", "hai trăm linh năm", "một"."""
    tokens = words(text)
    found = []
    at = 0
    while at < len(tokens):
        read = _read(tokens, at)
        if read is None:
            at += 1
            continue
        value, after = read
        divides = text[: tokens[at].start].endswith("/")  # "18 đợt/năm"
        if not divides and not _is_other(tokens, at, after):
            found.append((value, tokens[at].start, tokens[after - 1].end))
        at = after
    return found


def _read(tokens: tuple[Word, ...], at: int) -> tuple[int, int] | None:
    """A number below a thousand in words that begins at ``at``, and the word after it."""
    hundreds = 0
    start = at
    if _is(tokens, at, _ONES) and _joined(tokens, at + 1, "trăm"):
        hundreds = _ONES[tokens[at].key] * 100
        at += 2
        if _joined(tokens, at, "linh") or _joined(tokens, at, "lẻ"):
            at += 1
    ten: int | None = None
    if _is(tokens, at, _ONES) and _joined(tokens, at + 1, "mươi"):
        ten, at = _ONES[tokens[at].key] * 10, at + 2
    elif at < len(tokens) and tokens[at].key == "mười" and (at == start or tokens[at].joined):
        ten, at = 10, at + 1
    ones = 0
    table = _ONES if ten is None else _AFTER_TEN
    inside = at > start
    if _is(tokens, at, table) and not (inside and _another(tokens, at)):
        ones, at = table[tokens[at].key], at + 1
    return (hundreds + (ten or 0) + ones, at) if at > start else None


def _another(tokens: tuple[Word, ...], at: int) -> bool:
    """Whether the word at ``at`` does not go on with a number: "mười. Hai", "mười năm" (years)."""
    return not tokens[at].joined or (tokens[at].key == "năm" and not _counted(tokens, at))


def _is(tokens: tuple[Word, ...], at: int, table: dict[str, int]) -> bool:
    return at < len(tokens) and tokens[at].key in table


def _joined(tokens: tuple[Word, ...], at: int, word: str) -> bool:
    return at < len(tokens) and tokens[at].joined and tokens[at].key == word


def _counted(tokens: tuple[Word, ...], at: int) -> bool:
    """Whether a noun that numbers count follows the word at ``at``."""
    after = [token.key for token in tokens[at + 1 : at + 3] if token.joined]
    follows = {after[0], " ".join(after)} if after else set()
    return bool(follows & set(phrases("units", "counted")))


def _is_other(tokens: tuple[Word, ...], at: int, after: int) -> bool:
    """Words that are spelled like a number and are none: a year, a name, an ordinal."""
    if after - at > 1:
        return False
    word = tokens[at]
    before = tokens[at - 1].key if at and word.joined else ""
    follower = tokens[after] if after < len(tokens) and tokens[after].joined else None
    if word.capital and not word.opens:
        return True  # "Ba Na", "Bảy Núi", "tháng Mười"
    if word.capital and follower is not None and follower.capital:
        return True
    if word.key == "năm":
        return before in _YEAR_BEFORE or before in _ONES or not _counted(tokens, at)
    if word.key == "chín":
        return follower is None
    return before in ("thứ", "hạng", "lớp") and word.key != "một"
