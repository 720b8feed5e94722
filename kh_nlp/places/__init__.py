"""Places and bodies of the administration, before and after 2025: what each is called and became.

Knowledge lives in ``data/``: provinces, 14,051 districts and communes, 140 kinds of bodies with
dates and sources. A plan keeps what it prints; this room tells what stands there today.
"""

import os
from pathlib import Path

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
    "own_places",
    "predecessors",
    "province",
    "stands",
    "successor",
    "today",
]


def own_places() -> Path | None:
    """The user's own table of places, named by ``$KH_PLACES`` (columns as in corpus/places.tsv)."""
    named = os.environ.get("KH_PLACES")
    return Path(named) if named else None


def province(name: str | None) -> Province | None:
    """The province of that name; the user's own count too. See ``Gazetteer.province``."""
    return load_gazetteer(own_places()).province(name)


def districts(name: str | None) -> list[District]:
    """Districts of that name; the user's own count too. See ``Gazetteer.districts``."""
    return load_gazetteer(own_places()).districts(name)


def communes(name: str | None) -> list[Commune]:
    """Communes of that name; the user's own count too. See ``Gazetteer.communes``."""
    return load_gazetteer(own_places()).communes(name)


def predecessors(name: str, province: str | None = None) -> list[Commune]:
    """The communes a commune was made of in 2025. See ``Gazetteer.predecessors``."""
    return load_gazetteer(own_places()).predecessors(name, province)


def today(place: str | Province | District | Commune | None) -> Province | None:
    """Today's province of a place; the user's own count too. See ``Gazetteer.today``."""
    return load_gazetteer(own_places()).today(place)
