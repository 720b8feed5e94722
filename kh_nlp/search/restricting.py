"""Understood filters as passage ids, so that they act inside the search.

Broader than the options of the same name, because nobody asked for them in so many words: a year
lets pass the plans of that year, those whose period holds it, and every passage that prints it; a
province or place lets pass its plans and every passage that names it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from functools import reduce
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kh_nlp.language import fold, has_accents, nfc, search_key
from kh_nlp.library.lexical import Field, digest, units
from kh_nlp.library.table import Allowed
from kh_nlp.places import load_gazetteer, own_places
from kh_nlp.search.ranking import Index
from kh_nlp.search.understanding import Reading, Understood
from kh_nlp.search.understanding.known import spelled
from kh_nlp.search.understanding.years import read_value

Ids = NDArray[np.int64]

OPEN_YEARS = 10
"""Years that an open range reaches in the text of passages."""


def restricted(
    connection: sqlite3.Connection, index: Index, within: Allowed, reading: Reading
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
        "exclude": _holding_phrase,
    }
    ids = within.ids
    acting = list(reading.applied(*makers))
    for item in acting:
        found = makers[item.kind](connection, index, item)
        if item.kind == "exclude":
            ids = np.setdiff1d(ids, found, assume_unique=True)
        else:
            ids = np.intersect1d(ids, found, assume_unique=False)
    return Allowed(ids) if acting else within


def _passages(connection: sqlite3.Connection, where: str, *values: object) -> Ids:
    rows = connection.execute(f"SELECT id FROM passages WHERE {where} ORDER BY id", values)
    return np.fromiter((row[0] for row in rows), dtype=np.int64)


_PERIOD = re.compile(r"\b((?:19|20)\d\d)\s*(?:-|–|đến|den|tới)\s*(?:năm\s+)?((?:19|20)\d\d)\b")


def _of_years(connection: sqlite3.Connection, index: Index, item: Understood) -> Ids:
    low, high = read_value(item.value)
    plans: list[int] = []
    for row in connection.execute(
        "SELECT plan, json_extract(summary, '$.year') AS year, "
        "json_extract(summary, '$.title') AS title FROM versions WHERE current = 1"
    ):
        bounds = [(row["year"], row["year"])] if row["year"] else []
        bounds += [(int(a), int(b)) for a, b in _PERIOD.findall(row["title"] or "")]
        if any((high is None or a <= high) and (low is None or b >= low) for a, b in bounds):
            plans.append(row["plan"])
    ids = _passages(
        connection, "plan IN (SELECT value FROM json_each(?))", str(plans).replace("'", '"')
    )
    first = low if low is not None else (high or 0) - OPEN_YEARS
    last = high if high is not None else first + OPEN_YEARS
    years = [str(year) for year in range(first, last + 1)]
    return _union([ids, *(holding(index, "folded", (year,)) for year in years)])


def _of_province(connection: sqlite3.Connection, index: Index, item: Understood) -> Ids:
    gazetteer = load_gazetteer(own_places())
    names = [item.value]
    if (home := gazetteer.province(item.value)) is not None:
        # Today's province holds those that it took in; one of before 2025 is only itself.
        names += [p.name for p in gazetteer.provinces() if gazetteer.today(p) == home]
    found = [_passages(connection, "province = ?", spelled(name)) for name in names]
    return _union([*found, _naming(index, item.value)])


def _of_place(connection: sqlite3.Connection, index: Index, item: Understood) -> Ids:
    issued = _passages(connection, "instr(issuer, ?) > 0", spelled(item.value))
    return _union([issued, _naming(index, item.value)])


def _of_level(connection: sqlite3.Connection, index: Index, item: Understood) -> Ids:
    return _passages(connection, "level = ?", item.value)


def _of_issuer(connection: sqlite3.Connection, index: Index, item: Understood) -> Ids:
    return _passages(connection, "instr(issuer, ?) > 0", spelled(item.value))


def _of_agency(connection: sqlite3.Connection, index: Index, item: Understood) -> Ids:
    return _passages(connection, "instr(agencies, ?) > 0", spelled(item.value))


def _holding_phrase(connection: sqlite3.Connection, index: Index, item: Understood) -> Ids:
    """Passages in whose own text or heading the phrase stands, whatever is between its words."""
    accents = has_accents(item.value)
    field: Field = "accented" if accents else "folded"
    words = [unit[0] for unit in units(nfc(item.value), field)]
    if not words:
        return np.empty(0, np.int64)
    pattern = re.compile(r"(?<!\w)" + r"[\W_]+".join(map(re.escape, words)) + r"(?!\w)")
    key = search_key if accents else fold
    found: list[int] = []
    rows = connection.execute(
        "SELECT id, text FROM passages WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (str(holding(index, field, words).tolist()),),
    )
    for row in rows:
        text = row["text"]
        tokens = " ".join(unit[0] for unit in units(text, field)) if "/" in item.value else ""
        if pattern.search(key(text)) or (tokens and pattern.search(tokens)):
            found.append(row["id"])
    return np.array(found, dtype=np.int64)


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
