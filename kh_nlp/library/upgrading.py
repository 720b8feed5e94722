"""Older libraries brought up to the tables of ``schema.sql``, in place and in one transaction."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kh_nlp.library.store import Library


def upgrade(library: Library, wanted: int) -> None:
    """Bring an older library up to schema ``wanted``; one that is up to date is not touched.

    LibraryError when another process writes to it or the folder is read-only.
    """
    if _found(library) >= wanted:
        return
    with library.lock(), library.writing() as connection:
        for step in range(_found(library), wanted):  # read again: another process may have done it
            for statement in _steps(step):
                connection.execute(statement)
        connection.execute("UPDATE manifest SET value = ? WHERE key = 'schema'", (str(wanted),))


def _found(library: Library) -> int:
    return int(library.manifest()["schema"])


def _steps(version: int) -> tuple[str, ...]:
    """Statements that lead from a schema version to the next."""
    if version == 1:  # corrections by a person
        return (
            "ALTER TABLE plans ADD COLUMN corrected TEXT",
            "ALTER TABLE versions ADD COLUMN parsed TEXT",
            _table("corrections"),
        )
    raise ValueError(version)


def _table(name: str) -> str:
    schema = files("kh_nlp.library").joinpath("schema.sql").read_text(encoding="utf-8")
    match = re.search(rf"^CREATE TABLE {name} \(.*?^\);", schema, re.M | re.S)
    if match is None:
        raise ValueError(name)
    return match[0]
