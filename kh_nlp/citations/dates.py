"""Printed dates of issue, in aligned text."""

from __future__ import annotations

import datetime
import re

# "ngay l6 /01/2026": an OCR engine reads the digit 1 as l or I; only after the word "ngày".
DATE = re.compile(
    r"""[\s,]*(?:\(\s*)?(?:(?:ban\s+hanh|ky|cung)\s+)?
    (?:
      ngay\s*(?P<d1>[\dli]{1,2})\s?[/.\-]\s?(?P<m1>[\dli]{1,2})\s?[/.\-]\s?(?P<y1>(?:19|20)\d\d)(?!\d)
    | (?P<d2>\d{1,2})\s?[/.\-]\s?(?P<m2>\d{1,2})\s?[/.\-]\s?(?P<y2>(?:19|20)\d\d)(?!\d)
    | (?:ngay\s*)?(?P<d3>\d{1,2})\s*thang\s*(?P<m3>\d{1,2})\s*,?\s*nam\s*(?P<y3>(?:19|20)\d\d)(?!\d)
    )""",
    re.VERBOSE,
)
# "ngày mười lăm tháng bảy năm hai nghìn không trăm hai mươi mốt", as oaths and minutes write it.
_ONES = {
    "khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "sau": 6,
    "bay": 7, "tam": 8, "chin": 9,
}  # fmt: skip
_ONE = "|".join(_ONES)
_TENS = rf"(?:(?:(?:{_ONE})\s+)?muoi(?:\s+(?:{_ONE}))?|(?:linh\s+|le\s+)?(?:{_ONE}))"
IN_WORDS = re.compile(
    rf"[\s,]*(?:\(\s*)?ngay\s+(?:mong\s+|mung\s+)?(?P<d>{_TENS})\s+thang\s+"
    rf"(?P<m>{_TENS}|gieng|chap)\s*,?\s+nam\s+(?:(?P<new>hai\s+(?:nghin|ngan))|"
    rf"(?P<old>mot\s+(?:nghin|ngan)\s+chin\s+tram))(?:\s+khong\s+tram)?\s+(?P<y>{_TENS})(?![a-z])"
)
YEAR = re.compile(r"\s*\(?\s*nam\s*(?P<year>(?:19|20)\d\d)(?!\s?[\d\-–])")


def read_date(aligned: str, position: int) -> tuple[str, int] | None:
    """The ISO date printed right at ``position`` and where it ends, or ``None``.

    A day that no calendar has (31/02) gives ``None``: it is shown as unknown rather than mended.
    """
    match = DATE.match(aligned, position)
    if match is None:
        return _in_words(aligned, position)
    which = "1" if match["y1"] else "2" if match["y2"] else "3"
    day, month, year = (_digits(match[name + which]) for name in "dmy")
    try:
        return datetime.date(year, month, day).isoformat(), match.end()
    except ValueError:
        return None


def _in_words(aligned: str, position: int) -> tuple[str, int] | None:
    match = IN_WORDS.match(aligned, position)
    if match is None:
        return None
    month = {"gieng": 1, "chap": 12}.get(match["m"]) or _value(match["m"])
    year = (2000 if match["new"] else 1900) + _value(match["y"])
    try:
        return datetime.date(year, month, _value(match["d"])).isoformat(), match.end()
    except ValueError:
        return None


def _value(words: str) -> int:
    """A number below a hundred in words: "hai mươi mốt" is 21, "linh năm" 5."""
    before, ten, after = words.partition("muoi")
    ones = [_ONES[word] for word in (after if ten else words).split() if word in _ONES]
    tens = [_ONES[word] for word in before.split()] if ten else [0]
    return (tens[0] if tens else 1) * 10 + (ones[0] if ones else 0)


def read_year(aligned: str, position: int) -> tuple[int, int] | None:
    """A bare "năm 2025" right at ``position`` and where it ends; no start of "năm 2021-2025"."""
    match = YEAR.match(aligned, position)
    return (int(match["year"]), match.end()) if match else None


def _digits(text: str) -> int:
    return int(text.replace("l", "1").replace("i", "1"))
