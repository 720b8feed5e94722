"""Places and bodies of the administration, before and after 2025: what each is called and became.

Knowledge lives in ``data/``: provinces, 14,051 districts and communes, 140 kinds of bodies with
dates and sources. A plan keeps what it prints; this room tells what stands there today.
"""

from kh_nlp.places.bodies import Body, bodies, body, body_key, is_current, successor
from kh_nlp.places.gazetteer import (
    Commune,
    District,
    Gazetteer,
    Province,
    load_gazetteer,
    stands,
)

__all__ = [
    "Body",
    "Commune",
    "District",
    "Gazetteer",
    "Province",
    "bodies",
    "body",
    "body_key",
    "communes",
    "districts",
    "is_current",
    "load_gazetteer",
    "province",
    "stands",
    "successor",
    "today",
]


def province(name: str | None) -> Province | None:
    """The province of that name in the built-in gazetteer; see ``Gazetteer.province``."""
    return load_gazetteer().province(name)


def districts(name: str | None) -> list[District]:
    """Districts of that name in the built-in gazetteer; see ``Gazetteer.districts``."""
    return load_gazetteer().districts(name)


def communes(name: str | None) -> list[Commune]:
    """Communes of that name in the built-in gazetteer; see ``Gazetteer.communes``."""
    return load_gazetteer().communes(name)


def today(place: str | Province | District | Commune | None) -> Province | None:
    """Today's province of a place in the built-in gazetteer; see ``Gazetteer.today``."""
    return load_gazetteer().today(place)
