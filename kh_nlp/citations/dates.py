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
YEAR = re.compile(r"\s*\(?\s*nam\s*(?P<year>(?:19|20)\d\d)(?!\s?[\d\-–])")


def read_date(aligned: str, position: int) -> tuple[str, int] | None:
    """The ISO date printed right at ``position`` and where it ends, or ``None``.

    A day that no calendar has (31/02) gives ``None``: it is shown as unknown rather than mended.
    """
    match = DATE.match(aligned, position)
    if match is None:
        return None
    which = "1" if match["y1"] else "2" if match["y2"] else "3"
    day, month, year = (_digits(match[name + which]) for name in "dmy")
    try:
        return datetime.date(year, month, day).isoformat(), match.end()
    except ValueError:
        return None


def read_year(aligned: str, position: int) -> tuple[int, int] | None:
    """A bare "năm 2025" right at ``position`` and where it ends; no start of "năm 2021-2025"."""
    match = YEAR.match(aligned, position)
    return (int(match["year"]), match.end()) if match else None


def _digits(text: str) -> int:
    return int(text.replace("l", "1").replace("i", "1"))
