"""What a few words name by themselves: a year, a province, a place, a level, a body."""

from __future__ import annotations

from kh_nlp.search.understanding.bodies import bodies
from kh_nlp.search.understanding.known import Known
from kh_nlp.search.understanding.typed import Typed, Understood
from kh_nlp.search.understanding.whereabouts import AREAS, levels, places, provinces
from kh_nlp.search.understanding.years import years


def named(words: str, known: Known) -> Understood | None:
    """The one thing that all of ``words`` name in this library; None for anything else."""
    whole = words.strip()
    ways = [whole]
    if whole[:1].isupper():  # "Lương Minh" without "xã"
        ways += [f"{area} {whole}" for area in ("tỉnh", *AREAS)]
    for way in ways:
        typed = Typed(way)
        for found in (
            *years(typed, None),
            *bodies(typed, known),
            *provinces(typed, known),
            *places(typed, known),
            *levels(typed),
        ):
            if found.end - found.start == len(way):
                return found
    return None


def beginning(words: str, known: Known) -> tuple[str, Understood] | None:
    """The longest beginning of ``words`` that names something, and what."""
    ends = [token.end for token in Typed(words).tokens]
    for end in reversed(ends):
        found = named(words[:end], known)
        if found is not None:
            return words[:end], found
    return None
