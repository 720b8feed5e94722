"""How probable it is that a unit answers a query, and the line of "not found".

Neither leg's raw score is one: BM25 grows with the length of the query, and the cosine of E5 lies
between .75 and .95 for anything. What tells:

- the share of the query's words that the unit holds, and how much of it the one word is that lacks
  most (``compounds``): a question on a thing that no plan has shares all its other words with many;
- how far the cosine lies above that of the query to any passage of the library;
- the length of the unit: a long one holds many words by chance.

A logistic regression on these tells questions that have an answer from those that have none; it is
then put on the scale of what readers said of single passages. The numbers are in
``data/relevance.json``, made by ``benchmarks/relevance.py``; how well they hold is in
docs/search.md.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

BUNDLED = "multilingual-e5-small"

SPREAD = 0.05
"""Cosine above the background that counts 1."""

SHORT = 150
"""Characters up to which a unit is short."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The numbers of ``data/relevance.json``."""

    both: tuple[float, ...]
    words: tuple[float, ...]
    found: float
    guessed: float


@cache
def lines() -> Lines:
    """The fitted numbers: an intercept, then a weight for each of ``features``."""
    read = json.loads(files("kh_nlp.search").joinpath("data/relevance.json").read_text("utf-8"))
    return Lines(tuple(read["both"]), tuple(read["words"]), read["found"], read["guessed"])


FOUND = lines().found
"""Best relevance from which an answer counts as found."""

GUESSED = lines().guessed
"""The same where a word of the query was read as a slip that need not be one: of the many ways to
read it otherwise one fits by chance."""


def features(share: float, missing: float, characters: int, above: float | None) -> list[float]:
    """What the regression reads; ``above`` is the cosine less the background, None without one."""
    found = [share, missing, math.log(max(characters, SHORT) / SHORT)]
    return found if above is None else [*found, above / SPREAD]


def relevance(
    share: float, missing: float, characters: int, above: float | None, encoder: str | None
) -> float | None:
    """Probability (0..1) that a unit of so many ``characters`` answers a query.

    ``share`` of its words are held, ``missing`` is the part of the one that lacks most, ``above``
    how far the cosine is above the background. None when only another encoder's cosine speaks for
    the unit: its scale is unknown.
    """
    if above is not None and encoder is not None and encoder.startswith(BUNDLED):
        return _logistic(lines().both, features(share, missing, characters, above))
    if share > 0:
        return _logistic(lines().words, features(share, missing, characters, None))
    return None


UNRELATED, SAME = 0.80, 0.92
"""Cosines (query to passage) of the bundled encoder at which nothing and everything fits."""


def treating(share: float, cosine: float | None, encoder: str | None) -> float:
    """Probability (0..1) that a unit treats a topic: ``share`` of its words stand in its text.

    Fitted on the same passages by the share of single syllables and the bare cosine; the line of
    ``covers`` was drawn and judged on this scale.
    """
    if cosine is not None and encoder is not None and encoder.startswith(BUNDLED):
        near = min(1.0, max(0.0, (cosine - UNRELATED) / (SAME - UNRELATED)))
        return _logistic((-3.09, 4.14, 2.52), (share, near))
    return _logistic((-2.21, 5.33), (share,)) if share > 0 else 0.0


def _logistic(weights: Sequence[float], values: Sequence[float]) -> float:
    value = weights[0] + sum(w * v for w, v in zip(weights[1:], values, strict=True))
    return round(1 / (1 + math.exp(-value)), 4)
