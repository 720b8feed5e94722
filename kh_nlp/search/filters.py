"""Filters of a search: checked, and turned into the passages they allow before ranking."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from kh_nlp.errors import UsageError
from kh_nlp.language import fold
from kh_nlp.library.records import Kind
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


def allowed(connection: sqlite3.Connection, filters: Filters) -> NDArray[np.int64]:
    """Ascending ids of the passages that pass."""
    clauses: list[str] = []
    values: list[Any] = []

    def any_of(column: str, test: str, names: Sequence[str]) -> None:
        if names:
            clauses.append("(" + " OR ".join([test.format(column)] * len(names)) + ")")
            values.extend(names)

    any_of("kind", "{} = ?", filters.kinds or DEFAULT_KINDS)
    any_of("level", "{} = ?", filters.levels)
    any_of("province", "{} = ?", [_name(p, _PROVINCE) for p in filters.provinces])
    # instr, not LIKE: a "%" that a user types is no pattern.
    any_of("issuer", "instr({}, ?) > 0", [_name(i) for i in filters.issuers])
    any_of("agencies", "instr({}, ?) > 0", [_name(a) for a in filters.agencies])
    first, last = filters.years or (None, None)
    for bound, sign in ((first, ">="), (last, "<=")):
        if bound is not None:
            clauses.append(f"year {sign} ?")
            values.append(bound)
    rows = connection.execute(
        f"SELECT id FROM passages WHERE {' AND '.join(clauses)} ORDER BY id", values
    ).fetchall()
    return np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))


_PROVINCE = ("tinh ", "thanh pho ", "tp. ", "tp ")


def _name(text: str, prefixes: tuple[str, ...] = ()) -> str:
    name = " ".join(fold(text).split())
    for prefix in prefixes:
        name = name.removeprefix(prefix)
    return name
