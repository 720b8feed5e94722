"""Which years a plan is for, as shares that add up to 1."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

Dated = Literal["period", "year"]

_FIRST, _LAST = 1900, 2200


def year_shares(start: str, end: str) -> dict[int, float]:
    """Share of the days of a period (inclusive ISO days) that fall into each year.

    A leap year counts its 366 days: 2023-01-01..2024-12-31 is 365/731 for 2023 and 366/731 for
    2024. Empty for days that are none (30 February), for a period that ends before it starts, and
    for years outside 1900..2200, which only a misprint gives.
    """
    try:
        first, last = date.fromisoformat(start), date.fromisoformat(end)
    except ValueError:
        return {}
    if last < first or first.year < _FIRST or last.year > _LAST:
        return {}
    total = (last - first).days + 1
    shares = {}
    for year in range(first.year, last.year + 1):
        low, high = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
        shares[year] = ((high - low) + timedelta(1)).days / total
    return shares


def plan_years(
    start: str | None, end: str | None, year: int | None
) -> tuple[dict[int, float], Dated | None]:
    """Years of a plan: by the days of its period, else the year that its head tells.

    ({}, None) where it tells neither: such a plan is shown apart and never guessed.
    """
    if start is not None and end is not None and (shares := year_shares(start, end)):
        return shares, "period"
    if year is not None and _FIRST <= year <= _LAST:
        return {year: 1.0}, "year"
    return {}, None
