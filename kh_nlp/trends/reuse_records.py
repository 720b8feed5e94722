"""What ``reuse`` answers with; every record prints through ``model.to_dict``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kh_nlp.model import Span
from kh_nlp.trends.records import PlanFacts

Relation = Literal["above", "same", "elsewhere", "below"]
"""Where text was taken from: a level above in the same province or the centre, an equal, a level
above in another province, or a level below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two texts: ``start``/``end`` in ``Plan.text``; ``changed`` are offsets into
    ``text`` of the words that the other side has not. ``number`` and ``heading`` are those of the
    section that holds most of it, ``numbers`` of all that hold a part.
    """

    number: str | None
    numbers: tuple[str, ...]
    heading: str | None
    start: int
    end: int
    text: str
    changed: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The same passage in both plans. ``share`` of the longer side's words is common, in 0..1.

    ``how``: ``verbatim`` from a share of .95 on, else ``edited``.
    ``nearer`` is the id of another plan from which the taker more likely has it.
    """

    source: Side
    taker: Side
    words: int
    share: float
    how: Literal["verbatim", "edited"]
    nearer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Untouched:
    """A section that the taker wrote by itself, and its words."""

    number: str | None
    heading: str | None
    words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reuse:
    """What ``taker`` took over from ``source``: ``words``, their ``share`` of the taker's words.

    ``days`` passed between the two dates of issue (``None`` where one is unknown).
    """

    source: PlanFacts
    taker: PlanFacts
    relation: Relation
    days: int | None
    words: int
    share: float
    passages: tuple[Passage, ...]
    added: tuple[Untouched, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReuseAnswer:
    """Pairs of plans; ``total`` counts also those beyond the limit, ``others`` all by relation."""

    plans: int
    total: int
    pairs: tuple[Reuse, ...]
    others: Mapping[str, int]
