"""What filters ask of passages, held in memory for one version of the library.

Reading a hundred thousand ids from SQLite costs more than the whole search. The table is read
column by column when a filter first needs one, and dropped when a writer has committed.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from kh_nlp.library.dense import DenseSegment
from kh_nlp.library.lexical import LexicalSegment

Column = Literal["kind", "level", "province", "issuer", "agencies", "year", "plan"]
Value = str | int | None
Test = tuple[Column, Callable[[Value], bool]]
Kept = TypeVar("Kept")

REMEMBERED = 40
"""What is kept of one generation: sets of filters with their passages, names of bodies."""


class Allowed:
    """Passages that a search may give: ascending ``ids``, and which rows of a segment they are."""

    def __init__(self, ids: NDArray[np.int64]) -> None:
        self.ids = ids
        self._masks: WeakKeyDictionary[LexicalSegment | DenseSegment, NDArray[np.bool_] | None] = (
            WeakKeyDictionary()
        )

    def __len__(self) -> int:
        return len(self.ids)

    def mask(self, segment: LexicalSegment | DenseSegment) -> NDArray[np.bool_] | None:
        """Which rows are allowed, None for all; removed passages are not, SQLite lacks them."""
        try:
            return self._masks[segment]
        except KeyError:
            pass
        mask = member(segment.passages, self.ids)
        found = None if mask.all() else mask
        self._masks[segment] = found
        return found


def member(values: NDArray[np.int64], ids: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of ``values`` stand among the ascending ``ids``."""
    if not len(ids):
        return np.zeros(len(values), np.bool_)
    places = np.searchsorted(ids, values)
    places[places == len(ids)] = 0
    found: NDArray[np.bool_] = ids[places] == values
    return found


@dataclass(frozen=True, slots=True)
class _Codes:
    values: list[Value]
    codes: NDArray[np.int32]


class PassageTable:
    """Ids and filterable facts of all passages of one ``generation``. Safe to share by threads."""

    def __init__(self, generation: str) -> None:
        self.generation = generation
        self._ids: NDArray[np.int64] | None = None
        self._columns: dict[str, _Codes] = {}
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def kept(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """What ``make`` gives, worked out once; what was not asked for longest is forgotten."""
        try:
            found: Kept = self._kept[key]
            self._kept.move_to_end(key)
        except KeyError:  # also when another thread has just dropped it
            found = self._kept[key] = make()
            while len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)
        return found

    def allowed(
        self, connection: sqlite3.Connection, key: Hashable, tests: Sequence[Test]
    ) -> Allowed:
        """Passages that pass all ``tests``, each a column and what its values are asked.

        ``key`` names the tests. ``connection`` shows the generation of the table.
        """

        def make() -> Allowed:
            mask: NDArray[np.bool_] | None = None
            for name, passes in tests:
                here = self._passing(connection, name, passes)
                mask = here if mask is None else mask & here
            ids = self._all_ids(connection)
            return Allowed(ids if mask is None else ids[mask])

        return self.kept(("allowed", key), make)

    def passing(
        self, connection: sqlite3.Connection, column: Column, passes: Callable[[Value], bool]
    ) -> NDArray[np.int64]:
        """Ascending ids of the passages whose value in ``column`` passes."""
        return self._all_ids(connection)[self._passing(connection, column, passes)]

    def values_of(
        self, connection: sqlite3.Connection, column: Column, ids: Sequence[int]
    ) -> list[Value]:
        """The value in ``column`` of each of these passages, all of which are in the table."""
        facts = self._column(connection, column)
        places = np.searchsorted(self._all_ids(connection), np.array(ids, dtype=np.int64))
        return [facts.values[code] for code in facts.codes[places].tolist()]

    def values(self, connection: sqlite3.Connection, column: Column) -> list[Value]:
        """The distinct values of ``column``."""
        return self._column(connection, column).values

    def _passing(
        self, connection: sqlite3.Connection, name: Column, passes: Callable[[Value], bool]
    ) -> NDArray[np.bool_]:
        column = self._column(connection, name)
        # A few distinct values are asked, not a hundred thousand passages.
        passing = np.array([passes(value) for value in column.values], dtype=np.bool_)
        return passing[column.codes] if len(passing) else np.zeros(0, np.bool_)

    def _all_ids(self, connection: sqlite3.Connection) -> NDArray[np.int64]:
        if self._ids is None:
            self._ids = np.array(_values(connection, "id"), dtype=np.int64)
        return self._ids

    def _column(self, connection: sqlite3.Connection, name: Column) -> _Codes:
        column = self._columns.get(name)
        if column is None:
            values = _values(connection, name)
            known = {value: code for code, value in enumerate(dict.fromkeys(values))}
            codes = np.fromiter(map(known.__getitem__, values), np.int32, len(values))
            column = self._columns[name] = _Codes(list(known), codes)
        return column


def _values(connection: sqlite3.Connection, column: str) -> list[Value]:
    cursor = connection.cursor()
    cursor.row_factory = None  # plain tuples: twice as fast
    return [row[0] for row in cursor.execute(f"SELECT {column} FROM passages ORDER BY id")]
