"""Lexicons of the checks, from ``data/``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


def rows(name: str) -> list[list[str]]:
    """Rows of a tab-separated data file, comments left out."""
    text = files("kh_nlp.checking").joinpath("data", name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@cache
def words(use: str) -> tuple[str, ...]:
    """The words of ``foreign.tsv`` that serve ``use``."""
    return tuple(row[1] for row in rows("foreign.tsv") if row[0] == use)
