"""What a library knows: its issuers, responsible bodies and provinces, as folded words."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from functools import lru_cache

from kh_nlp.language import expand, fold, search_key
from kh_nlp.library.table import Column, PassageTable
from kh_nlp.places import body


def spelled(name: str) -> str:
    """Folded words as the columns of ``passages`` hold them."""
    return " ".join(fold(name).split())


class Known:
    """Names of one library, read when first asked for: a name is a filter only if it is one.

    They are kept in ``table`` as one text, a line for each name with a blank on both sides: whether
    any name holds some words is then one search.
    """

    def __init__(self, connection: sqlite3.Connection, table: PassageTable) -> None:
        self._connection = connection
        self._table = table

    def _column(self, name: Column) -> str:
        def read() -> str:
            return _lines(self._table.values(self._connection, name))

        return self._table.kept(("names", name), read)

    @property
    def issuers(self) -> str:
        """Folded issuers."""
        return self._column("issuer")

    @property
    def agencies(self) -> str:
        """Folded lists of bodies in charge."""
        return self._table.kept("agencies", lambda: self._column("agencies").replace("|", " | "))

    @property
    def provinces(self) -> frozenset[str]:
        """Folded provinces of the plans."""
        return self._table.kept(
            "provinces",
            lambda: frozenset(line.strip() for line in self._column("province").split("\n")),
        )

    @property
    def printed(self) -> str:
        """Issuers as keys with accents."""

        def read() -> str:
            rows = self._connection.execute(
                "SELECT DISTINCT json_extract(summary, '$.issuer') FROM versions WHERE current = 1"
            )
            return _lines([search_key(row[0]) for row in rows if row[0]])

        return self._table.kept("printed", read)

    def place(self, name: str, *, accented: bool) -> bool:
        """Whether a place ("xã Quyết Thắng") stands in the name of an issuer, with its accents."""
        if accented:
            return f" {search_key(name)} " in self.printed
        return f" {spelled(name)} " in self.issuers

    def issuer(self, name: str) -> str | None:
        """The words by which the library's issuers hold ``name``, None when none does."""
        return _held(name, self.issuers)

    def agency(self, name: str) -> str | None:
        """The words by which bodies in charge hold ``name``, None when none does."""
        return _held(name, self.agencies)


def _lines(names: Iterable[object]) -> str:
    return "\n".join(f" {name} " for name in names if name)


_PLACED = re.compile(
    r" (?:xa|phuong|thi tran|huyen|quan|thi xa|thanh pho|tinh|tp\.?) (?!uy\b|doan\b)\w"
)


def _held(name: str, names: str) -> str | None:
    """``name`` as typed, spelled out, shortened or as the register has it."""
    return next((way for way, words in _ways(name) if f" {words} " in names), None)


@lru_cache(maxsize=4096)
def _ways(name: str) -> tuple[tuple[str, str], ...]:
    """Ways to write a name, each with its folded words."""
    # "UBND phường Bến Hạc" is not every "UBND xã" that the register knows.
    register = None if _PLACED.search(spelled(name)) else body(name)
    ways = (name, *expand(name), *((register.name, *register.short) if register else ()))
    return tuple((way, words) for way in dict.fromkeys(ways) if (words := spelled(way)))
