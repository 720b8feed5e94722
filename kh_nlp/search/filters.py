"""Filters of a search: checked, and turned into the passages they allow before ranking."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from kh_nlp.errors import UsageError
from kh_nlp.language import fold
from kh_nlp.library import Library
from kh_nlp.library.records import Kind
from kh_nlp.library.table import Allowed, PassageTable, Test, Value
from kh_nlp.model import Level

Years = tuple[int | None, int | None]

DEFAULT_KINDS: tuple[Kind, ...] = ("section", "task")
"""A plan's title is found through its sections; as a hit of its own it says nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Empty means "any". Names match as folded substrings, provinces as whole folded names."""

    kinds: tuple[str, ...] = ()
    years: Years | None = None
    levels: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()

    def printed(self) -> dict[str, Any]:
        """The filters that were given, for ``SearchAnswer.filters``."""
        given: dict[str, Any] = {
            "kinds": list(self.kinds),
            "years": list(self.years) if self.years else [],
            "levels": list(self.levels),
            "provinces": list(self.provinces),
            "issuers": list(self.issuers),
            "agencies": list(self.agencies),
        }
        return {name: value for name, value in given.items() if value}


def read_filters(
    kinds: Sequence[str],
    years: Years | None,
    levels: Sequence[str],
    provinces: Sequence[str],
    issuers: Sequence[str],
    agencies: Sequence[str],
) -> Filters:
    """Filters from what a caller gives; UsageError for an unknown kind or level, or mixed years."""
    _known("loại", kinds, get_args(Kind))
    _known("cấp", levels, get_args(Level))
    if years is not None and None not in years and years[0] > years[1]:  # type: ignore[operator]
        raise UsageError(f"Khoảng năm {years[0]}:{years[1]} bị ngược.")
    return Filters(
        kinds=tuple(kinds),
        years=years,
        levels=tuple(levels),
        provinces=tuple(provinces),
        issuers=tuple(issuers),
        agencies=tuple(agencies),
    )


def _known(what: str, given: Sequence[str], allowed: Sequence[str]) -> None:
    for value in given:
        if value not in allowed:
            raise UsageError(f"Không có {what} “{value}”; hãy dùng: {', '.join(allowed)}.")


def allowed(
    connection: sqlite3.Connection, filters: Filters, library: Library | None = None
) -> Allowed:
    """The passages that pass; with ``library`` they are remembered until it changes."""
    kinds = filters.kinds or DEFAULT_KINDS
    tests: list[Test] = [("kind", lambda kind: kind in kinds)]
    if filters.levels:
        tests.append(("level", lambda level: level in filters.levels))
    if filters.provinces:
        provinces = [_name(name, _PROVINCE) for name in filters.provinces]
        tests.append(("province", lambda province: province in provinces))
    if filters.issuers:
        tests.append(("issuer", _any_part(filters.issuers)))
    if filters.agencies:
        tests.append(("agencies", _any_part(filters.agencies)))
    first, last = filters.years or (None, None)
    if first is not None or last is not None:
        low = -math.inf if first is None else first
        high = math.inf if last is None else last
        tests.append(("year", lambda year: isinstance(year, int) and low <= year <= high))
    table = PassageTable("") if library is None else library.table(connection)
    return table.allowed(connection, filters, tests)


def _any_part(given: Sequence[str]) -> Callable[[Value], bool]:
    names = [_name(name) for name in given]
    return lambda value: isinstance(value, str) and any(name in value for name in names)


_PROVINCE = ("tinh ", "thanh pho ", "tp. ", "tp ")


def _name(text: str, prefixes: tuple[str, ...] = ()) -> str:
    name = " ".join(fold(text).split())
    for prefix in prefixes:
        name = name.removeprefix(prefix)
    return name
