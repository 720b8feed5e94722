"""Understood filters as passage ids, so that they act inside the search.

Broader than the options of the same name, because nobody asked for them in so many words: a year
lets pass the plans of that year, those whose period holds it, and every passage that prints it; a
province or place lets pass its plans and every passage that names it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kh_nlp.language import fold, has_accents, nfc, search_key
from kh_nlp.library.lexical import Field, digest, units
from kh_nlp.library.table import Allowed, Column, PassageTable, Value, member
from kh_nlp.places import load_gazetteer, own_places
from kh_nlp.search.ranking import Index
from kh_nlp.search.understanding import Reading, Understood
from kh_nlp.search.understanding.known import Known, spelled
from kh_nlp.search.understanding.named import named
from kh_nlp.search.understanding.years import read_value

Ids = NDArray[np.int64]

OPEN_YEARS = 10
"""Years that an open range reaches in the text of passages."""


def restricted(
    connection: sqlite3.Connection,
    table: PassageTable,
    index: Index,
    within: Allowed,
    reading: Reading,
) -> Allowed:
    """Those of ``within`` that pass every filter of ``reading`` that acts; itself without one."""
    makers = {
        "year": _of_years,
        "province": _of_province,
        "place": _of_place,
        "level": _of_level,
        "issuer": _of_issuer,
        "agency": _of_agency,
        "phrase": _holding_phrase,
        "exclude": _excluded,
    }
    acting = reading.applied(*makers)
    if not acting:
        return within

    def make() -> Allowed:
        view = _View(connection, table, index)
        ids = within.ids
        for item in acting:
            passing = member(ids, makers[item.kind](view, item))
            ids = ids[~passing if item.kind == "exclude" else passing]
        return Allowed(ids)

    return table.kept(("restricted", within, *((u.kind, u.value) for u in acting)), make)


@dataclass(frozen=True, slots=True)
class _View:
    connection: sqlite3.Connection
    table: PassageTable
    index: Index

    def passing(self, column: Column, passes: Callable[[Value], bool]) -> Ids:
        return self.table.passing(self.connection, column, passes)

    def holding(self, column: Column, item: Understood) -> Ids:
        """Passages whose folded ``column`` holds the value."""
        words = spelled(item.value)
        return self.passing(column, lambda value: isinstance(value, str) and words in value)


_PERIOD = re.compile(r"\b((?:19|20)\d\d)\s*(?:-|–|đến|den|tới)\s*(?:năm\s+)?((?:19|20)\d\d)\b")


def _of_years(view: _View, item: Understood) -> Ids:
    low, high = read_value(item.value)
    plans = {
        plan
        for plan, bounds in view.table.kept("years", lambda: _years(view.connection))
        if any((high is None or a <= high) and (low is None or b >= low) for a, b in bounds)
    }
    ids = view.passing("plan", lambda plan: plan in plans)
    first = low if low is not None else (high or 0) - OPEN_YEARS
    last = high if high is not None else first + OPEN_YEARS
    years = [str(year) for year in range(first, last + 1)]
    return _union([ids, *(holding(view.index, "folded", (year,)) for year in years)])


def _years(connection: sqlite3.Connection) -> list[tuple[int, list[tuple[int, int]]]]:
    """The years and periods that each plan is of."""
    found: list[tuple[int, list[tuple[int, int]]]] = []
    for row in connection.execute(
        "SELECT plan, json_extract(summary, '$.year') AS year, "
        "json_extract(summary, '$.title') AS title FROM versions WHERE current = 1"
    ):
        bounds = [(row["year"], row["year"])] if row["year"] else []
        bounds += [(int(a), int(b)) for a, b in _PERIOD.findall(row["title"] or "")]
        found.append((row["plan"], bounds))
    return found


def _of_province(view: _View, item: Understood) -> Ids:
    gazetteer = load_gazetteer(own_places())
    names = [item.value]
    if (home := gazetteer.province(item.value)) is not None:
        # Today's province holds those that it took in; one of before 2025 is only itself.
        names += [p.name for p in gazetteer.provinces() if gazetteer.today(p) == home]
    keys = {spelled(name) for name in names}
    found = view.passing("province", lambda province: province in keys)
    return _union([found, _naming(view.index, item.value)])


def _of_place(view: _View, item: Understood) -> Ids:
    return _union([view.holding("issuer", item), _naming(view.index, item.value)])


def _of_level(view: _View, item: Understood) -> Ids:
    return view.passing("level", lambda level: level == item.value)


def _of_issuer(view: _View, item: Understood) -> Ids:
    return view.holding("issuer", item)


def _of_agency(view: _View, item: Understood) -> Ids:
    return view.holding("agencies", item)


def _holding_phrase(view: _View, item: Understood) -> Ids:
    """Passages in whose own text or heading the phrase stands, whatever is between its words."""
    accents = has_accents(item.value)
    field: Field = "accented" if accents else "folded"
    words = [unit[0] for unit in units(nfc(item.value), field)]
    if not words:
        return np.empty(0, np.int64)
    pattern = re.compile(r"(?<!\w)" + r"[\W_]+".join(map(re.escape, words)) + r"(?!\w)")
    key = search_key if accents else fold
    found: list[int] = []
    rows = view.connection.execute(
        "SELECT id, text FROM passages WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (str(holding(view.index, field, words).tolist()),),
    )
    for row in rows:
        text = row["text"]
        tokens = " ".join(unit[0] for unit in units(text, field)) if "/" in item.value else ""
        if pattern.search(key(text)) or (tokens and pattern.search(tokens)):
            found.append(row["id"])
    return np.array(found, dtype=np.int64)


def _excluded(view: _View, item: Understood) -> Ids:
    """What an exclusion is about: plans of a year, level, place or body, or passages with words."""
    what = named(item.value, Known(view.connection, view.table))
    if what is None:
        return _holding_phrase(view, item)
    if what.kind == "year":
        # "trừ năm 2021" does not mean passages that only mention that year.
        low, high = read_value(what.value)
        return view.passing(
            "year",
            lambda year: (
                isinstance(year, int)
                and (low is None or year >= low)
                and (high is None or year <= high)
            ),
        )
    if what.kind == "level":
        return _of_level(view, what)
    makers = {"province": _of_province, "place": _of_place, "issuer": _of_issuer}
    if what.kind in makers:
        return _union([makers[what.kind](view, what), _holding_phrase(view, item)])
    return _union([_of_issuer(view, what), _of_agency(view, what), _holding_phrase(view, item)])


def _naming(index: Index, name: str) -> Ids:
    """Passages whose text, headings, title or issuer hold each pair of neighbours of a name."""
    field: Field = "accented" if has_accents(name) else "folded"
    words = [unit[0] for unit in units(nfc(name), field)]
    pairs = [f"{one} {two}" for one, two in pairwise(words)]
    return holding(index, field, pairs or words)


def holding(index: Index, field: Field, terms: Iterable[str]) -> Ids:
    """Passages that hold all of the index terms."""
    keys = np.array([digest(term) for term in terms], dtype=np.uint64)
    found: list[Ids] = []
    for segment in index.lexical:
        postings = sorted(
            (rows for rows, _ in segment.postings(keys, field)), key=lambda rows: len(rows)
        )
        if postings:
            common = reduce(lambda a, b: np.intersect1d(a, b, assume_unique=True), postings)
            found.append(segment.passages[common])
    return _union(found)


def _union(parts: list[Ids]) -> Ids:
    return np.unique(np.concatenate(parts)) if parts else np.empty(0, np.int64)
