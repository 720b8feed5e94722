"""Deadlines as printed to the days they mean, where that is certain."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from kh_nlp.language import fold
from kh_nlp.model import Period

_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR = r"(20\d\d)"
_ONE_QUARTER = r"(i{1,3}v?|iv|[1-4])"
_QUARTER = re.compile(
    rf"\b(?:qu[yi]\s|q\.?\s?){_ONE_QUARTER}"
    rf"(?:\s*(?:,|-|va|den(?: quy)?)\s*(?:quy )?{_ONE_QUARTER})?"
    rf"\s*(?:/|-|nam|,)?\s*(?:nam )?{_YEAR}?\b"
)
# "tháng 3 - 4/2024", "tháng 12/2021 và tháng 6/2022": a run of months, the last with its year.
_MONTHS = re.compile(
    rf"\bthang \d{{1,2}}(?:/20\d\d)?(?:\s*(?:-|–|,|den|va)\s*(?:het )?(?:thang )?\d{{1,2}}(?!\d)"
    rf"(?:\s*/\s*20\d\d)?)*\s*(?:/|-|nam)?\s*(?:nam )?{_YEAR}\b"
)
_BARE_MONTHS = re.compile(rf"^(?:tu )?(\d{{1,2}})(?:\s*(?:-|den)\s*(\d{{1,2}}))?\s*/\s*{_YEAR}$")
# "11 - 20/7/2026", "từ 25/3 đến ngày 25/6/2024": the first day without its month or year
_FIRST_DAY = re.compile(
    rf"(?<!/)(?<!quy )(?<!thang )\b(\d{{1,2}})(?:\s*/\s*(\d{{1,2}}))?\s*"
    r"(?:-|–|den(?: het)?(?: ngay)?)\s*"
    rf"\d{{1,2}}\s*/\s*(\d{{1,2}})\s*/\s*{_YEAR}\b"
)
_IN_RUN = re.compile(r"(?<![\d])(\d{1,2})(?![\d])|(20\d\d)")
_DAY = re.compile(rf"(?<!thang )\b(\d{{1,2}})\s*[/.-]\s*(\d{{1,2}})\s*[/.-]\s*{_YEAR}\b")
_DAY_IN_WORDS = re.compile(rf"\bngay (\d{{1,2}}) thang (\d{{1,2}}) nam {_YEAR}\b")
_HALF = re.compile(rf"\b(?:0?6|sau) thang (dau|cuoi) nam(?: {_YEAR})?\b")
_SPAN_OF_YEARS = re.compile(rf"\b{_YEAR}\s*(?:-|–|den(?: nam)?)\s*{_YEAR}\b")
_WHOLE_YEAR = re.compile(rf"\b(?:ca )?(?:trong )?nam {_YEAR}\b|^{_YEAR}$")
_BEFORE = re.compile(r"\b(?:truoc|cham nhat|den het|xong truoc)\b")


def day(year: int, month: int, number: int) -> str | None:
    """ISO 8601 of a day, ``None`` for one that the calendar does not have."""
    try:
        return date(year, month, number).isoformat()
    except ValueError:
        return None


def _months(year: int, first: int, last: int) -> Period | None:
    if not 1 <= first <= last <= 12:
        return None
    return Period(
        start=f"{year:04d}-{first:02d}-01",
        end=f"{year:04d}-{last:02d}-{monthrange(year, last)[1]:02d}",
    )


def _run_of_months(printed: str) -> Period | None:
    """From the first to the last of some months; one without its year has that of the next."""
    year, found = 0, list[Period | None]()
    for match in reversed(list(_IN_RUN.finditer(printed))):
        if match[2]:
            year = int(match[2])
        else:
            found.append(_months(year, int(match[1]), int(match[1])))
    months = [month for month in reversed(found) if month]
    if not months or len(months) < len(found) or months != sorted(months, key=lambda m: m.start):
        return None
    return Period(start=months[0].start, end=months[-1].end)


def _by_days(text: str) -> Period | None:
    """From the first to the last day that a folded text prints; one day with "trước" ends it."""
    days = [day(int(y), int(m), int(d)) for d, m, y in _DAY.findall(text)]
    days += [day(int(y), int(m), int(d)) for d, m, y in _DAY_IN_WORDS.findall(text)]
    days += [day(int(y), int(m or last), int(d)) for d, m, last, y in _FIRST_DAY.findall(text)]
    known = sorted(d for d in days if d)
    if not known:
        return None
    if len(known) == 1 and _BEFORE.search(text):
        before = date.fromordinal(date.fromisoformat(known[0]).toordinal() - 1).isoformat()
        last = known[0] if re.search(r"cham nhat|den het", text) else before
        return Period(start=f"{last[:4]}-01-01", end=last)
    return Period(start=known[0], end=known[-1])


def due_period(deadline: str | None, year: int | None = None) -> Period | None:
    """The days a printed deadline means: "Quý I/2026" → 2026-01-01..2026-03-31.

    ``year`` (the plan's) stands in for a year that a quarter or half does not print. "Thường
    xuyên", "Hằng quý" and whatever is not certain give ``None``. "Trước ngày 30/11/2026" ends the
    day before, and begins with that year.
    """
    if not deadline:
        return None
    text = re.sub(r"\s+", " ", fold(deadline)).strip(" .;:()")
    if re.search(r"\b(hang|moi|thuong xuyen|dinh ky)\b", text):
        return None
    if match := _BARE_MONTHS.match(text):
        return _months(int(match[3]), int(match[1]), int(match[2] or match[1]))
    if days := _by_days(text):
        return days
    if match := _QUARTER.search(text):
        first, last, printed = match.groups()
        of = int(printed) if printed else year
        if of and first in _QUARTERS and (last is None or last in _QUARTERS):
            start, end = _QUARTERS[first], _QUARTERS[last or first]
            return _months(of, 3 * start - 2, 3 * end)
        return None
    if (match := _HALF.search(text)) and (of := int(match[2] or 0) or year):
        return _months(of, 1, 6) if match[1] == "dau" else _months(of, 7, 12)
    if match := _MONTHS.search(text):
        return _run_of_months(match[0])
    if match := _SPAN_OF_YEARS.search(text):
        return Period(start=f"{match[1]}-01-01", end=f"{match[2]}-12-31")
    if match := _WHOLE_YEAR.search(text):
        found = match[1] or match[2]
        return Period(start=f"{found}-01-01", end=f"{found}-12-31")
    return None
