"""Which document took the place of which, beside what the registry's own documents state.

``data/replaced.tsv`` was read from articles of the codified law that say so (the last column names
the article); ``data/replaced_known.tsv`` is kept by hand, for documents that plans of all fields
cite. What neither tells is unknown, never "still in force".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kh_nlp.citations.keys import number_key


@dataclass(frozen=True, slots=True)
class Replaced:
    """A document that another took the place of; days are ISO, "" where unknown.

    ``source`` is the article of the codified law, or the clause, that tells it.
    """

    number: str
    issued_on: str
    by: str
    since: str
    source: str


@cache
def replacements() -> Mapping[str, tuple[Replaced, ...]]:
    """All known facts by the upper-case number of the older document; those kept by hand last."""
    table: dict[str, list[Replaced]] = {}
    for name in ("replaced.tsv", "replaced_known.tsv"):
        text = files("kh_nlp.citations").joinpath("data", name).read_text("utf-8")
        for line in text.splitlines():
            if line and not line.startswith("#"):
                number, day, by, since, source = line.split("\t")
                table.setdefault(number_key(number).upper(), []).append(
                    Replaced(number, day, by, since, source)
                )
    return {number: tuple(found) for number, found in table.items()}
