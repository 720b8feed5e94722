"""What a library knows: its issuers, responsible bodies and provinces, as folded words."""

from __future__ import annotations

import re
import sqlite3
from functools import cached_property

from kh_nlp.language import expand, fold, search_key
from kh_nlp.places import body


def spelled(name: str) -> str:
    """Folded words as the columns of ``passages`` hold them."""
    return " ".join(fold(name).split())


class Known:
    """Names of one library, read when first asked for: a name is a filter only if it is one."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def _column(self, name: str) -> list[str]:
        rows = self._connection.execute(f"SELECT DISTINCT {name} FROM passages")
        return [f" {row[0]} " for row in rows if row[0]]

    @cached_property
    def issuers(self) -> list[str]:
        """Folded issuers, each between blanks."""
        return self._column("issuer")

    @cached_property
    def agencies(self) -> list[str]:
        """Folded lists of bodies in charge, a blank on both sides of each name."""
        return [row.replace("|", " | ") for row in self._column("agencies")]

    @cached_property
    def provinces(self) -> frozenset[str]:
        """Folded provinces of the plans."""
        return frozenset(row.strip() for row in self._column("province"))

    @cached_property
    def printed(self) -> list[str]:
        """Issuers as keys with accents, each between blanks."""
        rows = self._connection.execute(
            "SELECT DISTINCT json_extract(summary, '$.issuer') FROM versions WHERE current = 1"
        )
        return [f" {search_key(row[0])} " for row in rows if row[0]]

    def place(self, name: str, *, accented: bool) -> bool:
        """Whether a place ("xã Quyết Thắng") stands in the name of an issuer, with its accents."""
        if accented:
            return any(f" {search_key(name)} " in issuer for issuer in self.printed)
        return any(f" {spelled(name)} " in issuer for issuer in self.issuers)

    def issuer(self, name: str) -> str | None:
        """The words by which the library's issuers hold ``name``, None when none does."""
        return _held(name, self.issuers)

    def agency(self, name: str) -> str | None:
        """The words by which bodies in charge hold ``name``, None when none does."""
        return _held(name, self.agencies)


_PLACED = re.compile(
    r" (?:xa|phuong|thi tran|huyen|quan|thi xa|thanh pho|tinh|tp\.?) (?!uy\b|doan\b)\w"
)


def _held(name: str, names: list[str]) -> str | None:
    """``name`` as typed, spelled out, shortened or as the register has it."""
    # "UBND phường Bến Hạc" is not every "UBND xã" that the register knows.
    register = None if _PLACED.search(spelled(name)) else body(name)
    ways = (name, *expand(name), *((register.name, *register.short) if register else ()))
    for way in dict.fromkeys(ways):
        words = spelled(way)
        if words and any(f" {words} " in known for known in names):
            return way
    return None
