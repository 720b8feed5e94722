"""Days, months, years, quarters and weekdays of a text, however they are printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from kh_nlp.citations.dates import read_date
from kh_nlp.citations.grammar import align
from kh_nlp.rewriting.words import alternatives

Relation = Literal["before", "after", "on"]


@dataclass(frozen=True, slots=True)
class Date:
    """A day, month or year at ``start:end``; what is not printed is ``None``."""

    day: int | None
    month: int | None
    year: int | None
    start: int
    end: int
    relation: Relation | None = None

    def within(self, other: Date) -> bool:
        """Whether ``other`` says at least as much and the same: 4/2018 is within 23/4/2018."""
        if self.day and not self.month:
            return other.day == self.day and other.month is None
        mine = (self.day, self.month, self.year)
        return all(
            m in (None, o) for m, o in zip(mine, (other.day, other.month, other.year), strict=True)
        )


@dataclass(frozen=True, slots=True)
class Named:
    """A quarter, a weekday or a span of years: ``key`` in one spelling, at ``start:end``."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Dates:
    """All that a text says of the calendar; ``spans`` are taken, no number stands there."""

    dates: tuple[Date, ...]
    periods: tuple[Named, ...]
    quarters: tuple[Named, ...]
    weekdays: tuple[Named, ...]

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Stretches of the text that the dates take."""
        named = (*self.periods, *self.quarters, *self.weekdays)
        return (
            *((date.start, date.end) for date in self.dates),
            *((one.start, one.end) for one in named),
        )


_MONTH_WORDS = {
    "giêng": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7,
    "tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12,
}  # fmt: skip
_WEEKDAYS = {"hai": "2", "ba": "3", "tư": "4", "năm": "5", "sáu": "6", "bảy": "7", "bẩy": "7"}
_QUARTERS = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "một": "1", "nhất": "1", "hai": "2", "ba": "3",
    "tư": "4", "bốn": "4",
}  # fmt: skip
_YEAR = r"(?:19|20)\d\d"
_DASH = r"\s*[-–—]\s*"


@cache
def _pattern() -> re.Pattern[str]:
    months = "|".join(sorted(_MONTH_WORDS, key=len, reverse=True))
    return re.compile(
        rf"""(?<![\w/])(?:
          (?P<d1>\d{{1,2}})\s?[/.-]\s?(?P<m1>\d{{1,2}})\s?[/.-]\s?(?P<y1>{_YEAR})
        | (?P<d2>\d{{1,2}})\s+tháng\s+(?P<m2>\d{{1,2}})(?:\s*(?:,?\s*năm|/)\s*(?P<y2>{_YEAR}))?
        | (?:năm\s+)?(?P<from>{_YEAR})(?:{_DASH}|\s+đến\s+(?:hết\s+)?)
          (?:năm\s+)?(?P<to>{_YEAR})
        | quý\s+(?P<q>iii|iv|ii|i|[1-4]|một|nhất|hai|ba|tư|bốn)\b
          (?:\s*(?:/|,?\s*năm)\s*(?P<yq>{_YEAR}))?
        | tháng\s+(?P<m3>\d{{1,2}}|{months})\b(?!\s+(?:lần|buổi|ngày))
          (?:\s*(?:/|-|,?\s*năm)\s*(?P<y3>{_YEAR}))?
        | (?P<m4>0?[1-9]|1[0-2])\s?/\s?(?P<y4>{_YEAR})
        | (?<=ngày\s)(?P<d5>\d{{1,2}})(?:/(?P<m5>\d{{1,2}}))?(?!\s*%)
        | (?P<d6>\d{{1,2}})/(?P<m6>0?[1-9]|1[0-2])(?!\s+(?:số|tổng|giờ|điểm|hộ))
        | thứ\s+(?P<w>hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])\b
        | (?P<sunday>chủ\s+nhật)
        | (?:năm\s+)?(?P<y7>{_YEAR})
        )(?![\w/]|[.,]\d)""",
        re.VERBOSE,
    )


@lru_cache(maxsize=512)
def find_dates(text: str, taken: tuple[tuple[int, int], ...] = ()) -> Dates:
    """The dates of ``text`` outside the ``taken`` stretches (numbers of documents)."""
    lowered = text.lower() if len(text.lower()) == len(text) else text
    dates, periods, quarters, weekdays = [], [], [], []
    for match in _pattern().finditer(lowered):
        start, end = match.span()
        if any(a < end and start < b for a, b in taken):
            continue
        got = match.groupdict()
        if got["from"]:
            periods.append(Named(f"{got['from']}-{got['to']}", start, end))
            dates += [Date(None, None, int(got[n]), *match.span(n)) for n in ("from", "to")]
        elif got["q"]:
            quarters.append(Named(_QUARTERS.get(got["q"], got["q"]), start, match.end("q")))
            if got["yq"]:
                dates.append(Date(None, None, int(got["yq"]), *match.span("yq")))
        elif got["w"] or got["sunday"]:
            weekday = _WEEKDAYS.get(got["w"] or "", got["w"] or "cn")
            weekdays.append(Named(weekday, start, end))
        elif (date := _date(lowered, match)) is not None:
            dates.append(date)
    written = _in_words(lowered)
    # "tháng bảy" inside a day that is written out is no second date.
    dates = [d for d in dates if not any(w.start < d.end and d.start < w.end for w in written)]
    dates += written
    return Dates(tuple(dates), tuple(periods), tuple(quarters), tuple(weekdays))


def _date(text: str, match: re.Match[str]) -> Date | None:
    got = match.groupdict()
    day = _first(got, "d1", "d2", "d5", "d6")
    year = _first(got, "y1", "y2", "y3", "y4", "y7")
    printed = got["m3"]
    month = _MONTH_WORDS.get(printed or "") or _first(got, "m1", "m2", "m3", "m4", "m5", "m6")
    if not (day is None or 1 <= day <= 31) or not (month is None or 1 <= month <= 12):
        return None
    return Date(day, month, year, match.start(), match.end(), _relation(text, match.start()))


def _first(got: dict[str, str | None], *names: str) -> int | None:
    return next((int(value) for name in names if (value := got[name]) and value.isdigit()), None)


def _in_words(text: str) -> list[Date]:
    """Days written out: ngày mười lăm tháng bảy năm hai nghìn không trăm hai mươi mốt."""
    aligned = align(text)
    found = []
    for match in re.finditer(r"ngày\s+(?=[^\W\d])", text):
        if read := read_date(aligned, match.start()):
            year, month, day = (int(part) for part in read[0].split("-"))
            found.append(Date(day, month, year, match.start(), read[1]))
    return found


@cache
def _relations() -> re.Pattern[str]:
    kinds = ("before", "after", "on")
    groups = "|".join(f"(?P<{kind}>{alternatives('deadlines', kind)})" for kind in kinds)
    between = alternatives("deadlines", "between")
    return re.compile(rf"(?<!\w)(?:{groups})(?:\s+(?:{between}))*\s*$")


def _relation(text: str, start: int) -> Relation | None:
    match = _relations().search(text, max(0, start - 40), start)
    return match.lastgroup if match else None  # type: ignore[return-value]
