"""What the columns of a plan's tables mean, read from their titles (``data/columns.tsv``)."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, cast

from kh_nlp.language import fold

Meaning = Literal[
    "order",
    "content",
    "lead",
    "partners",
    "form",
    "output",
    "deadline",
    "duration",
    "budget",
    "note",
    "place",
    "unit",
    "target",
]


@cache
def _rules() -> tuple[tuple[Meaning, re.Pattern[str]], ...]:
    text = files("kh_nlp.reading").joinpath("data/columns.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return tuple((cast(Meaning, meaning), re.compile(pattern)) for meaning, pattern in rows)


_MAX_TITLE = 110  # characters; longer cells are contents


def plain(title: str) -> str:
    """A column title folded: lower case, no accents, everything else one space."""
    return re.sub(r"[^a-z0-9]+", " ", fold(title)).strip()


@lru_cache(maxsize=4096)
def meaning(title: str) -> Meaning | None:
    """The meaning of one column title, ``None`` when it is not of the lexicon or no title."""
    if len(title) > _MAX_TITLE:
        return None
    text = plain(title)
    if not text:
        return None
    return next((name for name, pattern in _rules() if pattern.search(text)), None)
