"""The data file of understanding, by what its rows are."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from kh_nlp.language import fold, search_key

Row = tuple[str, ...]


@cache
def rows(what: str) -> tuple[Row, ...]:
    """The rows of one kind, in the order of the file, without their first column."""
    text = files("kh_nlp.search").joinpath("data/understanding.tsv").read_text("utf-8")
    split = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(tuple(row[1:]) for row in split if row[0] == what)


@cache
def words(what: str, accented: bool) -> frozenset[str]:
    """First columns of the rows of one kind, as keys with or without accents."""
    key = search_key if accented else fold
    return frozenset(key(row[0]) for row in rows(what))


@cache
def starts(what: str, accented: bool) -> tuple[str, ...]:
    """``words`` as ``str.startswith`` takes them."""
    return tuple(words(what, accented))


@cache
def pairs(what: str, accented: bool) -> frozenset[tuple[str, str]]:
    """(first, second column) of the rows of one kind, as keys with or without accents."""
    key = search_key if accented else fold
    return frozenset((key(row[0]), key(row[1])) for row in rows(what))


@cache
def compiled(pattern: str, accented: bool) -> re.Pattern[str]:
    """A pattern in lower case with accents, for text in the spelling of a key."""
    keyed = search_key(pattern) if accented else fold(pattern)
    return re.compile(keyed.replace("(?p<", "(?P<"))
